"""A platform that reads, and young people who send."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import People
from tests.feeds.platform import Platform, let_in
from tests.feeds.voices import Voice, Voices


@pytest.fixture
def voices(session: Session, people: People) -> Voices:
    """Makes young people who answer."""
    return Voices(session, people)


@pytest.fixture
def robin(voices: Voices) -> Voice:
    """A young person in Year 9."""
    return voices.young()


@pytest.fixture
def platform(app: Flask) -> Platform:
    """A platform that can hide one field from carers or school staff."""
    return let_in(app)


@pytest.fixture
def plain_platform(app: Flask) -> Platform:
    """A platform that shows everything to everybody at the meeting."""
    return let_in(app, hides=False)
