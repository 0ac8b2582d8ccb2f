"""The same behaviour on a real PostgreSQL: answering, races, sending, and the record."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.pep.test_record import *  # noqa: F403
from tests.voice.test_answering import *  # noqa: F403
from tests.voice.test_nothing_is_lost import *  # noqa: F403

pytestmark = pytest.mark.postgres


@pytest.fixture
def app(postgres_app: Flask) -> Flask:
    """Every test above, on PostgreSQL."""
    return postgres_app
