"""The operator's commands about the house itself: ``flask --app app keys …``."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.core import audit, rotation
from app.core.db import Base, db, key_ring
from app.core.rotation import ColumnReport

keys = AppGroup("keys", help="The keys that seal what young people say.")


@keys.command("rotate")
@click.option("--dry-run", is_flag=True, help="Only count how many values lie under which key.")
def rotate(dry_run: bool) -> None:
    """Seal everything anew under the first key in PEPVOICE_KEYS.

    Put the new key first and keep the old ones behind it, start the app with that, run this, and take the old keys away when it
    says that nothing lies under them. It can be stopped and run again. Exit code 0 only when nothing is left under an old key.
    """
    ring = key_ring()
    walk = rotation.count if dry_run else rotation.rotate
    reports = walk(db.session, ring, Base.metadata, _progress)
    moved = sum(report.moved for report in reports)
    if not dry_run and moved:
        audit.record(db.session, None, "keys.rotated", detail=f"{moved} to {ring.active}")
        db.session.commit()
    for report in reports:
        click.echo(_sentence(report))
    left = _left(reports, ring.active)
    if dry_run:
        click.echo(f"Nothing was changed. {left} would be sealed anew under '{ring.active}'.")
    elif left:
        raise click.ClickException(f"{left} still lie under other keys or could not be opened. Keep the old keys.")
    else:
        click.echo(f"Everything lies under '{ring.active}'. The other keys can be taken away.")


def _progress(name: str, done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total:
        click.echo(f"{name}: {done} of {total}", err=True)


def _sentence(report: ColumnReport) -> str:
    under = ", ".join(f"{number} under '{key_id}'" for key_id, number in sorted(report.under.items())) or "nothing"
    parts = [f"{report.name}: {under}"]
    if report.moved:
        parts.append(f"{report.moved} sealed anew")
    if report.unopened:
        parts.append(f"{report.unopened} could not be opened")
    if report.changed_meanwhile:
        parts.append(f"{report.changed_meanwhile} changed meanwhile, run again")
    return "; ".join(parts) + "."


def _left(reports: list[ColumnReport], active: str) -> int:
    return sum(
        report.unopened + report.changed_meanwhile + sum(n for key_id, n in report.under.items() if key_id != active)
        for report in reports
    )
