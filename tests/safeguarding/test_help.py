"""Help is one tap away for everybody, and every number on it was checked by somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core import clock
from app.core.languages import LANGUAGES, Quality
from app.people.models import Role
from app.safeguarding.content import first_contacts, load_contacts
from app.safeguarding.models import HelpContact, Status
from tests.factories import People, sign_in

OFFERED = [language for language in LANGUAGES if language.offered]
IN_ORDER = ["999", "0800 1111", "85258", "111", "01733 864180", "01733 234724", "0808 808 1001", "0808 800 5792"]
IN_ORDER += ["0800 528 0731", "0800 023 2033"]


@pytest.fixture(autouse=True)
def soon_after_the_check() -> Iterator[None]:
    with time_machine.travel("2026-11-24 12:00Z", tick=False):
        yield


@pytest.fixture
def contacts(session: Session) -> list[HelpContact]:
    load_contacts(session)
    session.commit()
    return list(session.scalars(select(HelpContact).order_by(HelpContact.position)))


def numbers_on(html: str) -> list[str]:
    """Return the numbers on a page, in order, once each."""
    return list(dict.fromkeys(re.findall(r'<bdi dir="ltr" translate="no">([0-9 ]+)</bdi>', html)))


def test_help_shows_the_numbers_in_the_handbooks_order_signed_out(
    client: FlaskClient, contacts: list[HelpContact]
) -> None:
    assert numbers_on(client.get("/help").get_data(as_text=True)) == IN_ORDER


@pytest.mark.parametrize("language", OFFERED, ids=lambda one: one.tag)
def test_help_is_there_in_every_language_with_the_same_numbers_left_to_right(
    client: FlaskClient, contacts: list[HelpContact], language: object
) -> None:
    tag = language.tag  # type: ignore[attr-defined]
    html = client.get(f"/help?lang={tag}").get_data(as_text=True)
    assert f'<html lang="{tag}" dir="{language.direction}"' in html  # type: ignore[attr-defined]
    assert numbers_on(html) == IN_ORDER
    # No number stands bare in a line that runs the other way.
    shown = re.sub(r"<bdi[^>]*>.*?</bdi>", "", html.partition("<main")[2].partition("</main>")[0])
    shown = re.sub(r"<[^>]+>", "", shown)
    for number in IN_ORDER:
        if len(number) > 3:
            assert number not in shown


@pytest.mark.parametrize(
    "language", [one for one in OFFERED if one.quality is not Quality.source], ids=lambda one: one.tag
)
def test_every_contact_says_what_it_is_for_in_every_language(language: object) -> None:
    tag = language.tag  # type: ignore[attr-defined]
    for contact in first_contacts():
        assert contact.words.get(tag, {}).get("label"), (tag, contact.code)
        assert bool(contact.words[tag].get("note")) == bool(contact.note), (tag, contact.code)
        assert not re.search(r"[٠-٩۰-۹]", str(contact.words[tag]))


def test_numbers_can_be_tapped_to_call_and_to_text(client: FlaskClient, contacts: list[HelpContact]) -> None:
    html = client.get("/help").get_data(as_text=True)
    assert 'href="tel:08001111"' in html
    assert 'href="sms:85258?body=SHOUT"' in html


def test_what_nobody_has_checked_is_said_to_be_unsure(client: FlaskClient, contacts: list[HelpContact]) -> None:
    html = client.get("/help").get_data(as_text=True)
    cards = dict(re.findall(r'<li class="card" id="(\w+)">(.*?)</li>', html, flags=re.DOTALL))
    assert "It is free." in cards["childline"]
    assert "We are not sure if it is free." in cards["duty_team"]
    assert "Open at night, at weekends" in cards["duty_team"]
    assert "We are not sure when it is open, or if it is free." in cards["advocacy_advice"]
    assert "Monday to Friday, 09:00 to 17:00" in cards["rights"]


def test_a_number_that_is_not_confirmed_is_not_shown_to_children(
    client: FlaskClient, contacts: list[HelpContact], session: Session
) -> None:
    unsure = next(one for one in contacts if one.code == "came_alone")
    unsure.number = "0800 000 0000"
    session.commit()
    assert "0800 000 0000" not in client.get("/help").get_data(as_text=True)


@pytest.mark.parametrize("what", [{"checked_on": None}, {"active": False}, {"status": Status.unsourced}])
def test_a_number_without_a_check_or_switched_off_is_not_shown(
    client: FlaskClient, contacts: list[HelpContact], session: Session, what: dict[str, object]
) -> None:
    for name, value in what.items():
        setattr(contacts[1], name, value)
    session.commit()
    assert "0800 1111" not in client.get("/help").get_data(as_text=True)


def test_release_every_number_we_ship_has_a_check_date() -> None:
    for contact in first_contacts():
        if contact.can_be_reached:
            assert contact.checked_on is not None, contact.code
            assert contact.owner


def test_release_every_number_on_the_page_has_a_check_date(client: FlaskClient, contacts: list[HelpContact]) -> None:
    checked = {n for one in contacts if one.checked_on for n in (one.number, one.text_number) if n}
    assert set(numbers_on(client.get("/help").get_data(as_text=True))) <= checked


def test_help_is_never_empty(app: Flask, client: FlaskClient, session: Session) -> None:
    """With an empty table, or none at all, the numbers that came with the product are shown."""
    assert numbers_on(client.get("/help").get_data(as_text=True)) == IN_ORDER
    session.execute(text("DROP TABLE help_contact"))
    session.commit()
    assert numbers_on(client.get("/help").get_data(as_text=True)) == IN_ORDER


def test_the_page_is_honest_about_what_it_is_not(client: FlaskClient) -> None:
    html = client.get("/help").get_data(as_text=True)
    assert "We cannot come in an emergency" in html
    assert "This page may still show in your browser" in html
    assert "Try the Leave button" in html


def test_a_child_sees_their_own_workers_by_name(app: Flask, client: FlaskClient, people: People) -> None:
    young = people.young_person()
    worker = people.connected(Role.social_worker, young, "Ms Amber")
    worker.mobile = "07700 900321"
    people.connected(Role.iro, young, "Mr Birch")
    people.connected(Role.designated_teacher, young, "Ms Cedar")
    people.connected(Role.carer, young, "Dora Home")
    former = people.adult(Role.social_worker, "Ms Before")
    people.connect(former, young, ends_on=clock.today())
    people.connected(Role.social_worker, people.young_person("Other"), "Ms Elsewhere")
    sign_in(app, client, young)
    html = client.get("/help").get_data(as_text=True)
    here = html.partition('id="here"')[2].partition("</li>")[0]
    assert [here.index(name) for name in ("Ms Amber", "Mr Birch", "Ms Cedar")] == sorted(
        here.index(name) for name in ("Ms Amber", "Mr Birch", "Ms Cedar")
    )
    assert 'href="tel:07700900321"' in here
    assert not any(name in html for name in ("Dora Home", "Ms Before", "Ms Elsewhere", "IRO"))


def test_a_child_who_lives_elsewhere_sees_their_own_worker_straight_after_the_first_three(
    app: Flask, client: FlaskClient, people: People
) -> None:
    young = people.young_person()
    people.connected(Role.social_worker, young, "Ms Amber")
    sign_in(app, client, young)

    def order(url: str) -> list[str]:
        return re.findall(r'<li class="card" id="(\w+)"', client.get(url).get_data(as_text=True))

    assert order("/help?away=1")[:5] == ["danger", "childline", "shout", "here", "mental_health"]
    assert order("/help")[-1] == "here"


def test_a_phone_may_keep_the_page_only_when_it_is_the_same_for_everybody(
    app: Flask, client: FlaskClient, people: People
) -> None:
    public = client.get("/help")
    assert public.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in public.headers
    assert {"Accept-Language", "Cookie"} <= {one.strip() for one in public.headers["Vary"].split(",")}
    assert "no-store" in client.get("/help?lang=pl").headers["Cache-Control"], "this one sets a cookie"
    assert "no-store" in client.get("/help").headers["Cache-Control"], "this one came with a cookie"
    sign_in(app, client, people.young_person())
    assert "no-store" in client.get("/help").headers["Cache-Control"]


def test_help_is_light(client: FlaskClient, contacts: list[HelpContact]) -> None:
    answer = client.get("/help", headers={"Accept-Encoding": "br"}, unchecked=True)
    assert len(answer.data) < 5 * 1024


def test_loading_again_changes_nothing_that_staff_changed(app: Flask, session: Session) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["safeguarding", "load-contacts", "--dry-run"]).output == "11 to add, 0 there already\n"
    assert run(args=["safeguarding", "load-contacts"]).output == "11 added, 0 there already\n"
    childline = session.scalars(select(HelpContact).where(HelpContact.code == "childline")).one()
    childline.number = "0800 1112"
    session.commit()
    assert run(args=["safeguarding", "load-contacts"]).output == "0 added, 11 there already\n"
    session.refresh(childline)
    assert childline.number == "0800 1112"


def test_the_check_command_fails_once_a_number_is_too_old(app: Flask, contacts: list[HelpContact]) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["safeguarding", "check-contacts"]).exit_code == 0
    with time_machine.travel(date(2026, 11, 21) + timedelta(days=91)):
        late = run(args=["safeguarding", "check-contacts"])
    assert late.exit_code == 1
    assert "childline: last checked on 2026-11-21" in late.output
