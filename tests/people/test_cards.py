"""A card and a code: from the worker's printer to the child's own page."""

from __future__ import annotations

import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.people import cards
from app.people.models import Card, CardKind, SignIn
from tests.factories import People
from tests.forms import fill
from tests.people import ways

NOBODYS = "/go/" + "x" * 43


def events(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.at, AuditEntry.id)))


def test_a_child_claims_their_card_and_chooses_four_pictures(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person(year_group=4))
    answer = ways.claim(client, address)
    assert (answer.status_code, answer.location) == (303, "/home")
    assert ways.is_in(client)
    assert [e for e in events(session) if e != "sign-in.ended"] == ["card.issued", "card.claimed", "sign-in.began"]


def test_the_next_time_it_takes_the_card_and_the_code(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person(year_group=4))
    ways.claim(client, address)
    other = app.test_client()
    assert ways.open_with(other, address).location == "/home"
    assert ways.is_in(other)


def test_the_address_on_a_card_can_be_typed_by_hand(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person())
    assert re.fullmatch(r"/go/([2-9a-hjkmnp-z]{4}-){4}[2-9a-hjkmnp-z]{4}", address)
    assert ways.claim(client, "/go/" + address[4:].upper().replace("-", "")).location == "/home"


def test_another_code_does_not_open_the_card(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    address = ways.new_card(app, session, people.young_person())
    ways.claim(client, address)
    other = app.test_client()
    assert ways.open_with(other, address, ways.OTHERS).location == address
    assert "That did not match" in other.get(address).get_data(as_text=True)
    assert not ways.is_in(other)


def test_the_order_of_the_pictures_counts(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    address = ways.new_card(app, session, people.young_person())
    ways.claim(client, address)
    other = app.test_client()
    ways.open_with(other, address, tuple(reversed(ways.PICTURES)))
    assert not ways.is_in(other)


def test_three_words_of_ones_own_open_a_card_however_they_are_typed(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person(), CardKind.words)
    ways.press_open(client, address)
    ways.type_words(client, address, "مدرسة قمر ٤٢سمك")
    assert ways.type_words(client, address, "مدرسة، قمر  42سمك").location == "/home"
    other = app.test_client()
    ways.press_open(other, address)
    assert ways.type_words(other, address, "مدرسة-قمر-۴۲سمك").location == "/home"


def test_offered_words_can_be_taken_or_changed(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person(), CardKind.words)
    ways.press_open(client, address)
    offered = _offered(client.get(address).get_data(as_text=True))
    fill(client, address, {"do": "others"})
    other = _offered(client.get(address).get_data(as_text=True))
    assert offered != other
    fill(client, address, {"do": "take"})
    assert ways.type_words(client, address, other).location == "/home"


def _offered(html: str) -> str:
    found = re.search(r'<p class="words"[^>]*>([^<]+)</p>', html)
    assert found
    return found.group(1)


@pytest.mark.parametrize(
    "pictures",
    [("sun",) * 4, ("sun", "moon", "sun", "moon"), ("sun", "moon", "star", "cloud"), ("sun", "tree", "boat", "drum")],
)
def test_a_code_that_is_easy_to_guess_is_kindly_refused(
    app: Flask, client: FlaskClient, session: Session, people: People, pictures: tuple[str, ...]
) -> None:
    address = ways.new_card(app, session, people.young_person())
    ways.press_open(client, address)
    ways.tap(client, address, pictures)
    page = client.get(address).get_data(as_text=True)
    assert "guess" in page and "0 of 4 tapped" in page and "Choose your four pictures" in page


@pytest.mark.parametrize("words", ["cat", "cat cat cat", "a b c", "", "   ", "dog " * 60])
def test_words_that_are_easy_to_guess_are_kindly_refused(
    app: Flask, client: FlaskClient, session: Session, people: People, words: str
) -> None:
    address = ways.new_card(app, session, people.young_person(), CardKind.words)
    ways.press_open(client, address)
    ways.type_words(client, address, words)
    page = client.get(address).get_data(as_text=True)
    assert 'id="put-right"' in page and "Choose your three words" in page


def test_a_code_must_be_said_twice_the_same(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    address = ways.new_card(app, session, people.young_person())
    ways.press_open(client, address)
    ways.tap(client, address, ways.PICTURES)
    ways.tap(client, address, ways.OTHERS)
    assert "not the same" in client.get(address).get_data(as_text=True)
    assert session.scalars(select(Card)).one().claimed_at is None


def test_a_tap_can_be_taken_back(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    address = ways.new_card(app, session, people.young_person())
    ways.press_open(client, address)
    ways.tap(client, address, ("sun", "moon"))
    fill(client, address, {"do": "undo"})
    assert "1 of 4 tapped" in client.get(address).get_data(as_text=True)


def test_changing_the_language_keeps_the_place(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person())
    ways.press_open(client, address)
    ways.tap(client, address, ("sun", "moon"))
    page = client.get(f"{address}?lang=ar").get_data(as_text=True)
    assert 'dir="rtl"' in page and page.count('class="row picked"') == 1


def test_a_get_never_claims(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    card, link = (
        ways.new_card(app, session, people.young_person()),
        ways.new_link(app, session, people.young_person("Sky")),
    )
    before = len(events(session))
    for address in (card, link, NOBODYS):
        for agent in ("WhatsApp/2.23", "facebookexternalhit/1.1", "Mozilla/5.0"):
            client.get(address, headers={"User-Agent": agent})
            client.head(address)
    assert session.scalars(select(Card)).one().claimed_at is None
    assert len(events(session)) == before
    assert ways.press_open(client, link).location == "/home"


def test_a_preview_gets_the_same_page_for_every_address_and_no_name(
    app: Flask, session: Session, people: People
) -> None:
    card, link = (
        ways.new_card(app, session, people.young_person("Zebedee")),
        ways.new_link(app, session, people.young_person("Zuleika")),
    )
    pages = {_plain(app.test_client().get(a).get_data(as_text=True), a) for a in (card, link, NOBODYS)}
    assert len(pages) == 1
    assert "Zebedee" not in next(iter(pages)) and "Zuleika" not in next(iter(pages))


def _plain(html: str, address: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", html.replace(address, "ADDRESS"))


@pytest.mark.parametrize("kind", list(CardKind))
@time_machine.travel("2026-10-05 09:00+00:00", tick=False)
def test_unknown_and_known_cards_get_the_same_answer(
    app: Flask, session: Session, people: People, kind: CardKind
) -> None:
    known = ways.new_card(app, session, people.young_person(), kind)
    unknown = next(a for a in (f"/go/{n:043}" for n in range(50)) if cards.kind_behind(None, a[4:]) is kind)
    owner = app.test_client()
    ways.press_open(owner, known)
    for _twice in range(2):
        ways.tap(owner, known) if kind is CardKind.pictures else ways.type_words(owner, known)
    assert ways.is_in(owner)

    seen = {known: [], unknown: []}
    for address, pages in seen.items():
        client = app.test_client()
        ways.press_open(client, address)
        for _try in range(9):
            page = client.get(address)
            pages.append(_plain(page.get_data(as_text=True), address))
            answer = (
                ways.tap(client, address, ways.OTHERS)
                if kind is CardKind.pictures
                else ways.type_words(client, address, "wrong every time")
            )
            pages.append(
                (answer.status_code, answer.headers.get("Retry-After"), _plain(answer.get_data(as_text=True), address))
            )
    assert seen[known] == seen[unknown]


def test_a_wrong_code_takes_as_long_for_a_card_that_does_not_exist(
    app: Flask, client: FlaskClient, session: Session, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = ways.new_card(app, session, people.young_person())
    ways.claim(client, known)
    from app.people import codes

    counted: list[object] = []
    real = codes._hasher

    class Counting:
        def verify(self, kept: str, code: str) -> bool:
            counted.append((kept.split("$")[3], len(kept)))
            return real.verify(kept, code)

    monkeypatch.setattr(codes, "_hasher", Counting())
    unknown = next(
        a for a in (f"/go/{n:043}" for n in range(50)) if cards.kind_behind(None, a[4:]) is CardKind.pictures
    )
    for address in (known, unknown):
        ways.open_with(app.test_client(), address, ways.OTHERS)
    assert len(counted) == 2 and counted[0] == counted[1]


def test_a_new_card_stops_the_old_one_and_ends_sessions_made_with_it(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    young = people.young_person()
    old = ways.new_card(app, session, young)
    ways.claim(client, old)
    ways.new_card(app, session, young)
    assert not ways.is_in(client)
    ways.leave(client)
    ways.open_with(client, old)
    assert "That did not match" in client.get(old).get_data(as_text=True)
    assert session.scalars(select(Card).where(Card.revoked_at.is_(None))).one().claimed_at is None


def test_a_card_cannot_be_claimed_by_a_second_device(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person())
    slow = app.test_client()
    ways.press_open(slow, address)
    ways.tap(slow, address, ways.OTHERS)
    ways.claim(client, address)
    ways.tap(slow, address, ways.OTHERS)
    assert not ways.is_in(slow)
    assert "Tap your four pictures" in slow.get(address).get_data(as_text=True)


def test_a_young_person_who_left_cannot_come_in(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    from app.core import clock

    young = people.young_person()
    address = ways.new_card(app, session, young)
    ways.claim(client, address)
    young.ended_on = clock.today()
    session.commit()
    assert not ways.is_in(client)
    other = app.test_client()
    ways.open_with(other, address)
    assert not ways.is_in(other)


def test_nothing_on_a_card_can_be_read_back_from_the_database(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person())
    ways.claim(client, address)
    card = session.scalars(select(Card)).one()
    assert address.removeprefix("/go/") not in (card.token_hash, card.code_hash)
    assert card.code_hash is not None and card.code_hash.startswith("$argon2id$") and "boat" not in card.code_hash


def test_a_shared_phone_gets_the_shorter_session(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    for device, minutes in (("shared", 5), ("mine", 20)):
        address = ways.new_card(app, session, people.young_person())
        ways.leave(client)
        ways.claim(client, address, device=device)
        newest = session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
        assert newest is not None and (newest.idle_seconds, newest.shared_device) == (minutes * 60, device == "shared")


def test_whoever_forgot_to_sign_out_is_signed_out_when_another_comes_in(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    first, second = people.young_person("First"), people.young_person("Second")
    ways.claim(client, ways.new_card(app, session, first))
    ways.claim(client, ways.new_card(app, session, second))
    rows = session.execute(select(SignIn.person_id, SignIn.ended_at)).all()
    assert {(r.person_id, r.ended_at is None) for r in rows} == {(first.id, False), (second.id, True)}


def test_a_form_without_its_token_changes_nothing(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    link = ways.new_link(app, session, people.young_person())
    answer = client.post(link, data={"do": "open"})
    assert answer.status_code == 400 and "once more" in answer.get_data(as_text=True)
    assert not ways.is_in(client)
    assert ways.press_open(client, link).location == "/home"


@pytest.mark.parametrize("picture", ["dragon", "", "<b>sun</b>", "sun\u202e", "☀️", "sun" * 2000])
def test_a_picture_that_is_not_one_of_ours_counts_for_nothing(
    app: Flask, client: FlaskClient, session: Session, people: People, picture: str
) -> None:
    address = ways.new_card(app, session, people.young_person())
    ways.press_open(client, address)
    ways.tap(client, address, (picture,))
    assert "0 of 4 tapped" in client.get(address).get_data(as_text=True)


def test_the_way_in_is_forgotten_after_ten_minutes(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person())
    with time_machine.travel("2026-10-05 09:00+00:00", tick=False) as clock:
        ways.press_open(client, address)
        ways.tap(client, address, ("sun",))
        clock.shift(11 * 60)
        assert "Hello. This opens your page." in client.get(address).get_data(as_text=True)


def test_what_was_tapped_cannot_be_read_from_the_cookie(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person())
    ways.press_open(client, address)
    ways.tap(client, address, ("boat", "key"))
    with client.session_transaction() as cookie:
        assert "boat" not in str(dict(cookie))
        assert "Robin" not in str(dict(cookie))


@pytest.mark.parametrize(("device", "may_be_kept"), [("mine", True), ("shared", False)])
def test_a_phone_of_ones_own_may_remember_the_words(
    app: Flask, client: FlaskClient, session: Session, people: People, device: str, may_be_kept: bool
) -> None:
    address = ways.new_card(app, session, people.young_person(), CardKind.words)
    ways.press_open(client, address, device)
    assert ('autocomplete="new-password"' in client.get(address).get_data(as_text=True)) is may_be_kept
    ways.type_words(client, address)
    ways.type_words(client, address)
    ways.leave(client)
    ways.press_open(client, address, device)
    assert ('autocomplete="current-password"' in client.get(address).get_data(as_text=True)) is may_be_kept


def test_each_tap_of_a_picture_leads_back_to_where_the_taps_are_counted(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    address = ways.new_card(app, session, people.young_person())
    ways.press_open(client, address)
    assert fill(client, address, {"picture": ways.PICTURES[0]}).location == f"{address}#taps"
    assert 'id="taps" tabindex="-1"' in client.get(address).get_data(as_text=True)
    for name in ways.PICTURES[1:]:
        last = fill(client, address, {"picture": name})
    assert last.location == address, "the next page begins at its top"
