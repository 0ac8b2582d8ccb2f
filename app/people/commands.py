"""The operator's commands about people: ``flask --app app people …``."""

from __future__ import annotations

import sys

import click
import segno
from flask.cli import AppGroup

from app.core.db import db
from app.core.settings import settings
from app.people import one_time_codes, worker_sign_in
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
