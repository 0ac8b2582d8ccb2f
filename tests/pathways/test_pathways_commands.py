"""The operator's commands about opportunities."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.pathways.models import Item, Kind, Opportunity, Version
from app.pathways.records import NOT_CERTAIN


def test_what_comes_with_the_product_is_put_in_once_and_nothing_uncertain_is_public(
    app: Flask, session: Session
) -> None:
    run = app.test_cli_runner()
    dry = run.invoke(args=["pathways", "load", "--dry-run"])
    assert dry.exit_code == 0 and "6 to be completed by editors would be put in" in dry.output
    assert session.scalar(select(func.count()).select_from(Item)) == 0
    assert run.invoke(args=["pathways", "load"]).exit_code == 0
    again = run.invoke(args=["pathways", "load"])
    assert "0 published and 0 to be completed" in again.output
    drafts = session.scalars(
        select(Version).join(Item, Item.id == Version.item_id).where(Item.kind == Kind.opportunity)
    )
    assert all(one.stage == "draft" and NOT_CERTAIN in str(one.body) for one in drafts)
    assert session.scalar(select(func.count()).select_from(Opportunity)) == 0


def test_offers_and_reminders_run_from_the_command_line(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["pathways", "events"])
    assert done.exit_code == 0 and "0 offers ran out" in done.output
