"""Tests of what is possible."""
