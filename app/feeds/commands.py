"""The operator's commands of the feed: ``flask --app app feeds …``."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.db import db
from app.feeds import clients
from app.feeds.models import Scope

group = AppGroup("feeds", help="Let platforms read the feed, and shut them out.")


@group.command("client-add")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([str(scope) for scope in Scope]),
    default=[str(Scope.pep_read)],
    show_default=True,
    help="What the platform may do; may be given more than once.",
)
@click.option(
    "--can-hide-fields",
    is_flag=True,
    help="The platform can hide one field from carers or from school staff. Without this, answers marked 'not home' or "
    "'not school' are never sent to it.",
)
def client_add(name: str, scopes: tuple[str, ...], can_hide_fields: bool) -> None:
    """Let the platform NAME in and print its id and secret, once."""
    client, secret = clients.let_in(
        db.session, name, [Scope(scope) for scope in scopes], can_hide_fields=can_hide_fields
    )
    db.session.commit()
    click.echo(f"client_id: {client.client_id}\nclient_secret: {secret}\nscopes: {' '.join(client.scopes)}")
    click.echo("Keep the secret now: it is not stored and cannot be shown again.", err=True)


@group.command("client-revoke")
@click.argument("client_id")
def client_revoke(client_id: str) -> None:
    """Shut the client CLIENT_ID out, with every token it holds."""
    try:
        client = clients.shut_out(db.session, client_id)
    except clients.NoSuchClient:
        raise click.ClickException(f"There is no client {client_id}.") from None
    db.session.commit()
    click.echo(f"{client.name} can no longer read the feed.")
