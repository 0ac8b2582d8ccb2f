"""The operator's commands about people: ``flask --app app people …``."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click
import segno
from flask.cli import AppGroup

from app.core import clock
from app.core.db import db
from app.core.settings import SettingsRefused, settings
from app.people import one_time_codes, worker_sign_in
from app.people.council_number import lookup_key
from app.people.passphrases import LEAST_CHARACTERS, PassphraseRefused

people = AppGroup("people", help="Young people, the adults around them, and how workers sign in.")


@people.command("passphrase")
@click.argument("email")
@click.password_option("--passphrase", prompt="New passphrase", help="Asked for when not given; better not given.")
def passphrase(email: str, passphrase: str) -> None:
    """Give the adult with this EMAIL a new passphrase and a new code app secret.

    The secret is shown once, as a QR code and in letters. Whoever is signed in as them is signed out.
    """
    try:
        person, secret = worker_sign_in.set_passphrase(db.session, email, passphrase, settings())
    except LookupError:
        db.session.rollback()
        raise click.ClickException(f"No adult here has the e-mail address {email}.") from None
    except PassphraseRefused as refused:
        db.session.rollback()
        raise click.ClickException(f"{refused} At least {LEAST_CHARACTERS}; several plain words are best.") from None
    address = one_time_codes.address_for_app(secret, person.email or email)
    db.session.commit()
    click.echo("The passphrase is set. Scan this with the worker's code app now; it is not shown again.")
    segno.make(address, error="l").terminal(out=sys.stdout, compact=True)
    click.echo(f"Secret:  {secret}\nAddress: {address}")


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--write", is_flag=True, help="Write the changes. Without it nothing is changed: the report says what would be."
)
@click.option("--keep-good-rows", is_flag=True, help="Write the good rows even when others are refused.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the report here as a CSV, too.",
)
@click.option("--sheet", help="The sheet of a workbook that has several.")
def import_file(file: Path, write: bool, keep_good_rows: bool, report: Path | None, sheet: str | None) -> None:
    """Bring children, their PEPs and the adults around them in from FILE (.csv or .xlsx), as the ePEP platform exports it.

    Without --write this is a dry run. All or nothing: when a row is refused, nothing is written, unless --keep-good-rows. It is
    safe to run again. Exit code 0 only when no row is refused. docs/import.md lists the columns.
    """
    from app.people.importing import report as reporting
    from app.people.importing.applying import MeanwhileChanged, apply
    from app.people.importing.cells import FileRefused
    from app.people.importing.planning import make_plan
    from app.people.importing.reading import read

    _speak_utf8()
    if report is not None and report.resolve() == file.resolve():
        raise click.ClickException("The report would overwrite the file.")
    try:
        table = read(file, sheet)
        key = lookup_key(settings())
        plan = make_plan(db.session, table, key=key, today=clock.today(), progress=_progress)
        writing = write and (not plan.refused or keep_good_rows)
        if writing:
            apply(db.session, plan)
        if report is not None:
            reporting.write_csv(report, plan.outcomes)
        if writing:
            db.session.commit()
        else:
            db.session.rollback()
    except (FileRefused, MeanwhileChanged, SettingsRefused) as refused:
        db.session.rollback()
        raise click.ClickException(str(refused)) from None
    except OSError as error:
        db.session.rollback()
        raise click.ClickException(f"The report could not be written ({error.strerror}), so nothing was.") from None
    for line in (*reporting.lines(plan.outcomes), *reporting.summary(plan.outcomes)):
        click.echo(line)
    click.echo(_conclusion(writing, write, plan.refused))
    if plan.refused:
        sys.exit(1)


def _conclusion(written: bool, wanted: bool, refused: int) -> str:
    if written:
        return "Written." if not refused else f"The good rows are written; {refused} refused rows are not."
    if wanted:
        return "Nothing was written, because rows are refused. Put them right, or use --keep-good-rows."
    return "This was a dry run: nothing was written. Use --write to write it."


def _progress(done: int, total: int) -> None:
    if done % 500 == 0 and (done < total or sys.stderr.isatty()):
        click.echo(f"{done} of {total} children looked at", err=True)


def _speak_utf8() -> None:
    """Names and reasons may hold any letter, whatever the terminal's own encoding is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
