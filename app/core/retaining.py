"""Deleting what need not be kept any longer (safeguarding, section 10): ``flask --app app retain``.

Each room says what of its own grows old, and when; here it is counted and deleted, a batch at a time, and nobody waits for it.
What a young person has sent is not among it: that stays until staff confirm that it is filed.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import click
from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.db import Base, db
from app.core.settings import Settings, settings

BATCH = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of thing that is not kept for ever.

    ``too_old`` gives the condition for a moment; ``subject`` is the young person whose record loses something, where it is one's.
    With ``empties`` the row stays and only these columns lose what stands in them.
    """

    code: str
    what: str
    table: type[Base]
    too_old: Callable[[Settings, datetime], ColumnElement[bool]]
    subject: ColumnElement[Any] | None = None
    empties: tuple[str, ...] = ()


def count(session: Session, rules: Iterable[Rule], config: Settings) -> dict[str, int]:
    """Return how much each rule would delete now, changing nothing."""
    moment = clock.now()
    return {
        rule.code: session.scalar(select(func.count()).select_from(rule.table).where(rule.too_old(config, moment))) or 0
        for rule in rules
    }


def delete_old(session: Session, rules: Iterable[Rule], config: Settings) -> dict[str, int]:
    """Delete what is too old and return how much, by rule. Commits after each batch; safe to stop and run again.

    Each batch leaves an entry in the audit, one for each young person whose record lost something; never what it was.
    """
    moment = clock.now()
    return {rule.code: _delete(session, rule, rule.too_old(config, moment)) for rule in rules}


def _delete(session: Session, rule: Rule, too_old: ColumnElement[bool]) -> int:
    table = cast(Table, rule.table.__table__)
    (key,) = table.primary_key.columns
    columns = [key] if rule.subject is None else [key, rule.subject]
    done = 0
    while rows := session.execute(select(*columns).select_from(table).where(too_old).limit(BATCH)).all():
        # The condition again: what was touched in this moment is not old any more.
        these = (key.in_([row[0] for row in rows]), too_old)
        empty = update(table).values(dict.fromkeys(rule.empties)) if rule.empties else delete(table)
        deleted = set(session.execute(empty.where(*these).returning(key)).scalars())
        subjects: Counter[uuid.UUID | None] = Counter(
            None if rule.subject is None else row[1] for row in rows if row[0] in deleted
        )
        for subject_id, number in subjects.items():
            audit.record(session, None, "retention.deleted", subject_id=subject_id, detail=f"{rule.code} {number}")
        session.commit()
        done += len(deleted)
        if not deleted:
            break
    return done


def command(rules: tuple[Rule, ...]) -> click.Command:
    """Return the operator's command that keeps to these rules."""

    @click.command("retain")
    @click.option("--dry-run", is_flag=True, help="Only say how much is too old; delete nothing.")
    def retain(dry_run: bool) -> None:
        """Delete what need not be kept: drafts long untouched, old sign-ins, used links, sent messages and the like.

        For every night. What was sent into a PEP is never deleted here. PEPVOICE_RETAIN_PAUSED_UNTIL stops it until a day.
        """
        config = settings()
        paused = config.retain_paused_until
        if not dry_run and paused is not None and clock.today() < paused:
            click.echo(f"Paused until {paused.isoformat()}: nothing was deleted.")
            return
        found = (count if dry_run else delete_old)(db.session, rules, config)
        for rule in rules:
            click.echo(f"{found[rule.code]} {rule.what} {'too old' if dry_run else 'deleted'}")

    return retain
