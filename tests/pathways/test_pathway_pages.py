"""The open pages of what is possible: readable by anybody, kept by caches, light, and the same for everybody signed out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import brotli
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.db import new_id
from app.pathways import shelf
from app.pathways.models import Item, Kind, Stage, Version
from app.pathways.records import Step
from app.people.models import Role
from tests.factories import People, sign_in

KB = 1024
PAGES = ("/pathways/", "/pathways/?from=y9", "/pathways/he-taster", "/pathways/compare?one=p16-a-level&other=app-l2-l3")


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def published(session: Session, key: str) -> Step:
    record = shelf.published(session, Kind.step)[key].record
    assert isinstance(record, Step)
    return record


def change(session: Session, key: str, **values: object) -> None:
    """Publish a changed step as an editor's version."""
    body = {**published(session, key).model_dump(mode="json"), **values}
    when = datetime(2026, 11, 22, tzinfo=UTC)
    item = Item(id=new_id(), kind=Kind.step, key=key, live=1, made_at=when)
    session.add(item)
    session.flush()
    session.add(
        Version(item_id=item.id, number=1, stage=Stage.published, body=body, written_at=when, published_at=when)
    )
    shelf.renew(session)
    session.commit()


def test_anybody_finds_the_map_from_the_first_page(client: FlaskClient) -> None:
    welcome = text(client, "/")
    assert 'href="/pathways/"' in welcome and 'href="/opportunities/"' in welcome


def test_the_map_asks_where_i_am_and_shows_everything_until_i_say(client: FlaskClient) -> None:
    page = text(client, "/pathways/")
    assert "Where are you now?" in page and 'href="/pathways/?from=y9"' in page
    assert page.count('<a href="/pathways/he-degree"') >= 2, "in the picture and in the list"


@pytest.mark.parametrize("address", ["/pathways/?from=y9", "/pathways/?from=neet", "/pathways/?from=all", "/pathways/"])
def test_what_the_picture_shows_stands_in_the_list_too(client: FlaskClient, address: str) -> None:
    page = text(client, address)
    drawings, _mark, listed = page.partition('class="as-list"')
    shown = set(re.findall(r'<a href="/pathways/([a-z0-9-]+)"><rect', drawings))
    assert shown and all(f'<h3><a href="/pathways/{key}"' in listed for key in shown)


def test_every_box_is_a_link_with_the_name_of_its_step(client: FlaskClient) -> None:
    page = text(client, "/pathways/?from=y9")
    assert re.search(
        r'<a href="/pathways/he-taster"><rect[^>]*><text[^>]*>as well</text> <text[^>]*><tspan[^>]*>Try out', page
    )
    assert re.search(r'<svg class="drawn tree"[^>]* role="group" aria-label="', page)


@pytest.mark.parametrize("odd", ["y14", "", "../../etc", "<script>", "he-nothing"])
def test_a_start_that_is_none_shows_everything(client: FlaskClient, odd: str) -> None:
    assert "Everything as a list" in text(client, f"/pathways/?from={odd}")


def test_the_map_can_begin_at_any_step(client: FlaskClient) -> None:
    assert 'class="far-0"><a href="/pathways/he-apply"' in text(client, "/pathways/?from=he-apply")


def test_a_step_says_what_it_is_what_it_needs_and_leads_to_how_long_an_example_day_and_whom_to_ask(
    client: FlaskClient, session: Session
) -> None:
    page = text(client, "/pathways/he-degree")
    one = published(session, "he-degree")
    for words in (one.title, one.summary, *one.need, *one.day, one.how_long):
        assert words.replace("'", "&#39;") in page
    for heading in ("What you need", "How long it takes", "A day like this (an example)", "What it leads to"):
        assert heading in page
    assert "Money and help" in page and "Who to ask" in page
    assert "GOV.UK student finance" in page and "Checked on Saturday 21 November 2026" in page


def test_every_step_has_a_page(client: FlaskClient, session: Session) -> None:
    keys = list(shelf.published(session, Kind.step))
    assert len(keys) > 30
    for key in keys:
        page = text(client, f"/pathways/{key}")
        assert "unsourced" not in page and published(session, key).title.replace("'", "&#39;") in page, key


def test_what_is_for_staff_never_stands_on_a_page(client: FlaskClient, session: Session) -> None:
    told = {key: one.record.staff for key, one in shelf.published(session, Kind.step).items() if one.record.staff}
    assert told
    for key, staff in told.items():
        assert staff[:40].replace("'", "&#39;") not in text(client, f"/pathways/{key}"), key


def test_a_step_without_a_known_length_says_to_ask(client: FlaskClient) -> None:
    assert "Ask how long it takes." in text(client, "/pathways/he-apply")


def test_a_way_to_start_again_is_a_good_thing(client: FlaskClient) -> None:
    page = text(client, "/pathways/y11-apply")
    assert "a good way to start again if plans change" in page


def test_a_number_we_know_can_be_rung_with_one_tap(client: FlaskClient) -> None:
    assert 'href="tel:08088081001"' in text(client, "/pathways/ucic-arrive")


def test_a_step_that_nobody_checked_for_long_says_so_calmly(client: FlaskClient, session: Session) -> None:
    due = published(session, "he-taster").review_by
    assert due == date(2027, 11, 21)
    with time_machine.travel(datetime(2027, 12, 21, 12, tzinfo=UTC), tick=False):
        assert "may have changed" not in text(client, "/pathways/he-taster")
    with time_machine.travel(datetime(2027, 12, 22, 12, tzinfo=UTC), tick=False):
        assert "Some of this may have changed" in text(client, "/pathways/he-taster")


@pytest.mark.parametrize("key", ["no-such-step", "HE-TASTER", "he-taster%00", "x" * 300])
def test_a_step_that_is_not_there_is_a_kind_404(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/pathways/{key}")
    assert answer.status_code == 404 and "That step is not on the map" in answer.get_data(as_text=True)
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_step_taken_off_the_map_is_gone_from_its_page_and_from_every_other(
    client: FlaskClient, session: Session
) -> None:
    when = datetime(2026, 11, 22, tzinfo=UTC)
    session.add(Item(id=new_id(), kind=Kind.step, key="he-taster", live=None, made_at=when, withdrawn_at=when))
    shelf.renew(session)
    session.commit()
    assert client.get("/pathways/he-taster").status_code == 404
    for page in ("/pathways/", "/pathways/?from=y9", "/pathways/y9-options", "/pathways/compare"):
        assert "he-taster" not in text(client, page)


def test_what_an_editor_published_is_read_and_escaped(client: FlaskClient, session: Session) -> None:
    change(session, "he-taster", title="Look & <b>see</b>")
    page = text(client, "/pathways/he-taster")
    assert "Look &amp; &lt;b&gt;see&lt;/b&gt;" in page and "<b>see" not in page
    assert "Look &amp; &lt;b&gt;see" in text(client, "/pathways/?from=y9")


def test_two_ways_stand_side_by_side(client: FlaskClient) -> None:
    page = text(client, "/pathways/compare?one=p16-a-level&other=app-l2-l3")
    assert page.count("<article") == 2 and '<option value="app-l2-l3" selected>' in page
    assert text(client, "/pathways/compare?one=p16-a-level&other=nothing").count("<article") == 1
    assert "<article" not in text(client, "/pathways/compare")


@pytest.mark.parametrize("address", PAGES)
def test_signed_out_a_page_may_be_kept_and_is_not_sent_twice(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"].startswith("public, max-age=300, stale-while-revalidate")
    assert {"Cookie", "Accept-Language", "HX-Request"} <= {one.strip() for one in first.headers["Vary"].split(",")}
    assert "Set-Cookie" not in first.headers
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    assert (
        client.get(address, headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "ar"}).status_code
        == 200
    )


def test_a_publication_changes_the_tag(client: FlaskClient, session: Session) -> None:
    before = client.get("/pathways/").headers["ETag"]
    change(session, "he-taster", summary="You go and look.")
    assert client.get("/pathways/", headers={"If-None-Match": before}).status_code == 200


def test_choosing_a_language_sets_a_cookie_and_is_kept_by_no_cache(client: FlaskClient) -> None:
    answer = client.get("/pathways/?lang=ar")
    assert "Set-Cookie" in answer.headers and "no-store" in answer.headers["Cache-Control"]


def test_the_map_is_in_the_language_of_the_page(client: FlaskClient) -> None:
    page = text(client, "/pathways/?from=y9&lang=ar")
    assert 'dir="rtl"' in page and "تجربة الجامعة" in page and "Try out university" not in page
    assert "Zobacz, jak jest na uniwersytecie" in text(client, "/pathways/he-taster?lang=pl")


def test_a_translation_of_what_the_english_no_longer_says_is_not_shown(client: FlaskClient, session: Session) -> None:
    said = "po angielsku, dopóki"
    assert said not in text(client, "/pathways/he-taster?lang=pl")
    change(session, "he-taster", summary="You go and look.")
    page = text(client, "/pathways/he-taster")
    assert '<span lang="en-GB" dir="ltr">You go and look.</span>' in page and said in page
    assert "Zobacz, jak jest na uniwersytecie" in page, "the title still fits"


def test_a_young_person_who_is_signed_in_begins_in_their_own_year_and_nothing_is_kept(
    app: Flask, client: FlaskClient, people: People
) -> None:
    sign_in(app, client, people.young_person(year_group=9))
    answer = client.get("/pathways/")
    assert 'class="far-0"><a href="/pathways/y9-options"' in answer.get_data(as_text=True)
    assert "no-store" in answer.headers["Cache-Control"] and "ETag" not in answer.headers
    assert "How to talk about this" not in text(client, "/pathways/he-taster")
    assert 'href="/pathways/"' in text(client, "/home")


@pytest.mark.parametrize("role", [Role.carer, Role.social_worker])
def test_an_adult_who_is_signed_in_reads_how_to_talk_about_it(
    app: Flask, client: FlaskClient, people: People, session: Session, role: Role
) -> None:
    talk = published(session, "he-taster").talk[:30].replace("'", "&#39;")
    assert talk not in text(client, "/pathways/he-taster")
    sign_in(app, client, people.adult(role))
    answer = client.get("/pathways/he-taster")
    assert "How to talk about this" in answer.get_data(as_text=True) and talk in answer.get_data(as_text=True)
    assert "no-store" in answer.headers["Cache-Control"]
    assert talk in text(client, "/pathways/compare?one=he-taster&other=he-apply")


@pytest.mark.parametrize("language", ["en-GB", "ar", "pl"])
def test_the_map_weighs_less_than_45_kb_with_everything_it_needs(
    app: Flask, client: FlaskClient, language: str
) -> None:
    client.get(f"/?lang={language}")
    for address in ("/pathways/", "/pathways/?from=y12"):
        html = text(client, address)
        names = set(re.findall(r"/static/([\w./-]+)", html))
        assert "css/pathways.css" in names and "vendor/htmx.min.js" in names
        files = sum(
            len(brotli.compress((Path(app.static_folder or "") / name).read_bytes(), quality=5)) for name in names
        )
        weight = len(brotli.compress(html.encode(), quality=5)) + files
        assert weight < 45 * KB, f"{address} weighs {weight / KB:.1f} KB"
        assert html.count("<svg") < 80, "no picture beside the map that nobody needs"


def test_the_map_needs_no_script(client: FlaskClient) -> None:
    for address in PAGES:
        page = text(client, address)
        assert "<script>" not in page and " onclick" not in page and " style=" not in page
