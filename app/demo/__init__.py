"""Invented people of every kind, with three terms of history, so that every screen has life in it. Never in production."""
