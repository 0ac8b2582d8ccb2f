"""One row of an import, checked: a child, perhaps a PEP, and the adults around the child.

In every optional cell: empty leaves what is known as it is; ``-`` says that there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from app.people.importing import values
from app.people.importing.headings import CHILD_COLUMNS, GROUPS, PARTS, PEP_COLUMNS
from app.people.importing.reading import RawRow


class Said(Enum):
    """What a cell says apart from a value."""

    nothing = "nothing"
    none = "none"


NOTHING, NONE = Said.nothing, Said.none


class RowRefused(Exception):
    """A row cannot be taken; ``problems`` says why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        """Take the sentences."""
        super().__init__(" ".join(problems))
        self.problems = problems


def _cell(parse: Callable[[str], Any], *, may_be_none: bool) -> BeforeValidator:
    def check(text: str) -> Any:
        if not text:
            return NOTHING
        if text == values.NONE:
            if may_be_none:
                return NONE
            raise ValueError("cannot be '-'. Leave the cell empty to change nothing")
        return parse(text)

    return BeforeValidator(check)


def _pep_id(text: str) -> str:
    return values.identifier(text, 64)


class ImportRow(BaseModel):
    """The child's and the PEP's cells of one row."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")

    council_person_id: Annotated[str | Said, _cell(values.council_person_id, may_be_none=False)] = NOTHING
    preferred_name: Annotated[str | Said, _cell(values.name, may_be_none=False)] = NOTHING
    year_group: Annotated[int | Said, _cell(values.year_group, may_be_none=True)] = NOTHING
    language: Annotated[str | Said, _cell(values.language, may_be_none=True)] = NOTHING
    flags: Annotated[tuple[str, ...] | Said, _cell(values.flags, may_be_none=True)] = NOTHING
    care: Annotated[str | Said, _cell(values.care, may_be_none=False)] = NOTHING
    school: Annotated[str | Said, _cell(values.school, may_be_none=True)] = NOTHING
    place: Annotated[str | Said, _cell(values.place, may_be_none=False)] = NOTHING
    pep_id: Annotated[str | Said, _cell(_pep_id, may_be_none=False)] = NOTHING
    pep_term: Annotated[str | Said, _cell(values.term, may_be_none=False)] = NOTHING
    pep_meeting_on: Annotated[date | Said, _cell(values.day, may_be_none=True)] = NOTHING
    pep_deadline_on: Annotated[date | Said, _cell(values.day, may_be_none=True)] = NOTHING

    @model_validator(mode="after")
    def _hangs_together(self) -> ImportRow:
        if self.council_person_id is NOTHING and self.pep_id is NOTHING:
            raise ValueError("Give council_person_id or pep_id: without them we cannot tell which child this is.")
        about_pep = (self.pep_term, self.pep_meeting_on, self.pep_deadline_on)
        if self.pep_id is NOTHING and any(cell is not NOTHING for cell in about_pep):
            raise ValueError("There is a term or a date for a PEP, but no pep_id.")
        return self


class AdultCells(BaseModel):
    """The cells about one adult."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")

    name: Annotated[str | Said, _cell(values.name, may_be_none=True)] = NOTHING
    email: Annotated[str | Said, _cell(values.email, may_be_none=True)] = NOTHING
    starts: Annotated[date | Said, _cell(values.day, may_be_none=False)] = NOTHING
    ends: Annotated[date | Said, _cell(values.day, may_be_none=True)] = NOTHING

    @property
    def says_nobody(self) -> bool:
        """True when a '-' ends the connection of whoever is in this role."""
        return NONE in (self.name, self.email) and not self.names_somebody

    @property
    def names_somebody(self) -> bool:
        """True when there is a name or an e-mail address."""
        return isinstance(self.name, str) or isinstance(self.email, str)

    @model_validator(mode="after")
    def _hangs_together(self) -> AdultCells:
        if not self.names_somebody and not self.says_nobody and (self.starts, self.ends) != (NOTHING, NOTHING):
            raise ValueError("has a date but neither a name nor an e-mail address.")
        if isinstance(self.starts, date) and isinstance(self.ends, date) and self.ends <= self.starts:
            raise ValueError("ends before it begins.")
        return self


class Row(BaseModel):
    """A whole row that can be taken, with the number it has in the file."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    number: int
    facts: ImportRow
    adults: dict[str, AdultCells]


def checked(columns: list[str], raw: RawRow) -> Row:
    """Return the row with its meaning. Raises RowRefused, naming everything that is wrong with it at once."""
    problems = list(raw.problems)
    if problems:
        raise RowRefused(problems)
    cells = dict(zip(columns, raw.cells, strict=True))
    facts: ImportRow | None = None
    try:
        facts = ImportRow(**{column: cells[column] for column in CHILD_COLUMNS + PEP_COLUMNS if column in cells})
    except ValidationError as error:
        problems += _sentences(error, "")
    adults: dict[str, AdultCells] = {}
    for group in GROUPS:
        parts = {_FIELDS[part]: cells.get(f"{group}_{part}", "") for part in PARTS}
        if not any(parts.values()):
            continue
        try:
            adults[group] = AdultCells(**parts)
        except ValidationError as error:
            problems += _sentences(error, f"{group}_")
    problems += _same_adult_twice(adults)
    if problems or facts is None:
        raise RowRefused(problems)
    return Row(number=raw.number, facts=facts, adults=adults)


_FIELDS = {"name": "name", "email": "email", "from": "starts", "to": "ends"}
_PARTS = {field: part for part, field in _FIELDS.items()}


def _sentences(error: ValidationError, prefix: str) -> list[str]:
    """Return pydantic's findings as sentences that begin with the column. Values are named only where the parser chose to."""
    found: list[str] = []
    for problem in error.errors(include_url=False, include_input=False):
        words = str(problem.get("ctx", {}).get("error", problem["msg"])).rstrip(".")
        field = str(problem["loc"][0]) if problem["loc"] else ""
        if prefix:
            column = f"{prefix}{_PARTS.get(field, field)}" if field else prefix.rstrip("_")
            found.append(f"{column} {words}.")
        else:
            found.append(f"{field} {words}.".strip())
    return found


def _same_adult_twice(adults: dict[str, AdultCells]) -> list[str]:
    seen: dict[str, str] = {}
    problems: list[str] = []
    for group, cells in adults.items():
        if not isinstance(cells.email, str):
            continue
        if cells.email in seen:
            problems.append(f"{group}_email is the same as {seen[cells.email]}_email.")
        seen.setdefault(cells.email, group)
    return problems
