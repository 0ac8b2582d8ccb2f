"""The house of the tests of meetings."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import People
from tests.pep.meeting_house import House


@pytest.fixture
def house(app: Flask, session: Session, people: People) -> House:
    """Robin, Year 9, whose meeting is today."""
    return House(app, session, people)
