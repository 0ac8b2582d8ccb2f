"""The measures behind the page, which hides small numbers: read from the house's own database, before and after a step."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import create_app
from app.core import clock
from app.core.db import db
from app.core.settings import Settings
from app.insight import heard_figures, periods
from app.insight.heard_figures import Count
from app.people.models import Pep, Person
from app.voice.models import SentAnswer
from tools import local_settings
from tools.demo_house import House


class Counted:
    """The figures of this term as they were when somebody last looked."""

    def __init__(self, house: House) -> None:
        """Open the house's database beside the house, and look for the first time."""
        found = {
            "PEPVOICE_INSTANCE_DIR": str(house.folder),
            "PEPVOICE_DATABASE_URL": f"sqlite:///{house.folder / 'pepvoice.db'}",
        }
        local_settings.prepare(found)
        prefix = "PEPVOICE_"
        values = {name.removeprefix(prefix).lower(): text for name, text in found.items() if name.startswith(prefix)}
        self._app = create_app(Settings(**values))  # type: ignore[arg-type]
        self._last = self._look()

    def _look(self) -> dict[str, Count]:
        year = periods.school_year(clock.today())
        terms = [*periods.terms(year - 1), *periods.terms(year)]
        now = next(place for place, term in enumerate(terms) if clock.today() in term)
        with self._app.app_context(), Session(db.engine) as session:
            return heard_figures.figures(session, terms[now], terms[now - 1], clock.now())

    def unheard(self, name: str) -> None:
        """Take back all that was said by and about a child of the demo this term, so that they are silent."""
        with self._app.app_context(), Session(db.engine) as session:
            young = session.scalars(select(Person).where(Person.name == name)).one()
            term = periods.term_code(clock.today())
            peps = select(Pep.id).where(Pep.young_person_id == young.id, Pep.term == term)
            gone = update(SentAnswer).where(SentAnswer.pep_id.in_(peps)).values(withdrawn_at=clock.now())
            session.execute(gone.execution_options(synchronize_session=False))
            session.commit()
        self._last = self._look()

    def grew(self, **by: tuple[int, int]) -> None:
        """Look again: these figures have grown by so many of so many ('_' stands for '-'), and no other has changed."""
        before, self._last = self._last, self._look()
        changed = {
            code.replace("-", "_"): (one.n - before[code].n, one.d - before[code].d) for code, one in self._last.items()
        }
        assert {code: step for code, step in changed.items() if any(step)} == by
