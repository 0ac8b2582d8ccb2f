"""A worker photographs the paper: sealed, small, without where it was taken, seen by nobody else, and not kept for long."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.core import clock
from app.core.audit import AuditEntry
from app.people.models import Role
from app.voice.models import PaperPhoto
from tests.factories import People, sign_in
from tests.forms import fields_of, fill
from tests.voice.conftest import Voice, voice  # noqa: F401
from tests.voice.test_paper import PROUD, Desk, _desk, desk  # noqa: F401

GPS, ORIENTATION = 0x8825, 0x0112


def camera(kind: str = "JPEG", size: tuple[int, int] = (400, 200), turned: int = 1, **more: Any) -> bytes:
    """Return a photo as a telephone makes it: with where it was taken, and which way up it was held."""
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 30.0, 0.0)})
    exif[0x010F] = "SecretCamera"
    made = io.BytesIO()
    Image.new("RGB", size, "white").save(made, kind, exif=exif, **more)
    return made.getvalue()


def add(desk: Desk, file: bytes, name: str = "paper.jpg", **data: Any) -> TestResponse:
    return desk.type_in(photo=(io.BytesIO(file), name), **data)


def add_large(desk: Desk, file: bytes) -> TestResponse:
    """Add a photo that a test client would otherwise put into a file of its own, and leave open."""
    address = f"/staff/paper/{desk.response().id}"
    _action, fields = fields_of(desk.client.get(address).get_data(as_text=True))
    fields.setlist("photo", [FileStorage(io.BytesIO(file), "paper.jpg", content_type="image/jpeg")])  # type: ignore[list-item]
    boundary, body = encode_multipart(fields)
    return desk.client.post(address, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def photos(desk: Desk) -> list[PaperPhoto]:
    desk.session.expire_all()
    return list(desk.session.scalars(select(PaperPhoto).order_by(PaperPhoto.place)))


def address(desk: Desk, photo_id: uuid.UUID) -> str:
    return f"/staff/paper/{desk.response().id}/photos/{photo_id}"


def events(session: Session) -> list[str]:
    session.expire_all()
    return list(
        session.scalars(select(AuditEntry.event).where(AuditEntry.event.like("paper.photo%")).order_by(AuditEntry.id))
    )


def test_a_photo_comes_back_upright_small_and_without_where_it_was_taken(desk: Desk) -> None:
    file = camera(size=(3200, 1000), turned=6)
    assert b"SecretCamera" in file
    assert add(desk, file, sec_proud__answer="My bird box").status_code == 303
    (photo,) = photos(desk)
    html = desk.text()
    assert address(desk, photo.id) in html and 'alt="Photo 1 of the paper"' in html and "My bird box" in html
    got = desk.client.get(address(desk, photo.id))
    assert (got.status_code, got.mimetype) == (200, "image/jpeg")
    assert "no-store" in got.headers["Cache-Control"] and got.headers["X-Content-Type-Options"] == "nosniff"
    shown = Image.open(io.BytesIO(got.data))
    assert shown.format == "JPEG" and shown.size == (500, 1600) and not dict(shown.getexif())
    assert b"SecretCamera" not in got.data and b"Exif" not in got.data
    assert events(desk.session) == ["paper.photo-added", "paper.photo-read"]


def test_a_photo_is_sealed_on_the_disk(desk: Desk) -> None:
    add(desk, camera())
    (photo,) = photos(desk)
    got = desk.client.get(address(desk, photo.id)).data
    raw = bytes(desk.session.scalar(text("SELECT picture FROM paper_photo")))
    assert photo.picture.encode() not in raw and got not in raw and b"JFIF" not in raw and b"/9j/" not in raw


def test_a_see_through_png_becomes_a_jpeg_on_white(desk: Desk) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (50, 40), (0, 0, 0, 0)).save(made, "PNG")
    add(desk, made.getvalue(), "paper.png")
    (photo,) = photos(desk)
    shown = Image.open(io.BytesIO(desk.client.get(address(desk, photo.id)).data))
    assert shown.format == "JPEG" and shown.getpixel((5, 5)) == (255, 255, 255)


def test_of_two_pictures_in_one_file_the_first_is_kept(desk: Desk) -> None:
    first, second = Image.new("RGB", (4000, 4000), "white"), Image.new("RGB", (300, 300), "black")
    file = io.BytesIO()
    first.save(file, "MPO", save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(file.getvalue())).format == "MPO"
    assert add(desk, file.getvalue()).status_code == 303
    (photo,) = photos(desk)
    shown = Image.open(io.BytesIO(desk.client.get(address(desk, photo.id)).data))
    assert (shown.format, shown.size, shown.getpixel((5, 5))) == ("JPEG", (1600, 1600), (255, 255, 255))


def test_a_photo_larger_than_other_forms_may_be_is_taken(desk: Desk) -> None:
    file = camera() + b"\0" * 3 * 1024 * 1024
    assert add_large(desk, file).status_code == 303
    assert len(photos(desk)) == 1


def test_far_too_much_is_refused_before_it_is_read(desk: Desk) -> None:
    assert add_large(desk, camera() + b"\0" * 10 * 1024 * 1024).status_code == 413
    assert photos(desk) == []


@pytest.mark.parametrize(
    "file",
    [
        b"%PDF-1.7 no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        camera()[:300],
        camera("GIF"),
        camera("PNG", (4000, 4000)),
        camera(size=(4000, 4000), progressive=True),
    ],
    ids=["pdf", "svg", "torn", "gif", "huge", "huge, bit by bit"],
)
def test_what_is_no_fitting_picture_is_refused_and_what_was_typed_is_kept(desk: Desk, file: bytes) -> None:
    again = add(desk, file, sec_proud__answer="My bird box")
    html = again.get_data(as_text=True)
    assert again.status_code == 422 and "Choose a JPEG or PNG photo" in html and "My bird box" in html
    assert photos(desk) == []
    draft = desk.draft()
    assert draft is not None and draft.content["value"] == {"text": "My bird box"}


def test_a_sheet_has_six_photos_at_most(desk: Desk) -> None:
    for _number in range(6):
        assert add(desk, camera()).status_code == 303
    again = add(desk, camera())
    assert again.status_code == 422 and "room for six" in again.get_data(as_text=True)
    assert [one.place for one in photos(desk)] == [1, 2, 3, 4, 5, 6]


def test_pressing_twice_adds_one_photo(desk: Desk) -> None:
    key = str(uuid.uuid4())
    for _press in range(2):
        fill(
            desk.client,
            f"/staff/paper/{desk.response().id}",
            {"photo": (io.BytesIO(camera()), "a.jpg"), "photo_key": key},
        )
    assert [str(one.id) for one in photos(desk)] == [key]


def test_nobody_but_the_worker_who_added_it_sees_it(
    app: Flask, session: Session, people: People, voice: Voice, desk: Desk
) -> None:
    add(desk, camera())
    (photo,) = photos(desk)
    other = _desk(app, session, people.connected(Role.social_worker, voice.person, "Mx Other"), voice)
    assert str(photo.id) not in other.text()
    assert other.client.get(address(desk, photo.id)).status_code == 404
    fill(other.client, f"/staff/paper/{desk.response().id}", {"remove_photo": str(photo.id)})
    assert len(photos(desk)) == 1
    stranger = app.test_client()
    sign_in(app, stranger, people.adult(Role.social_worker), way="worker")
    assert stranger.get(address(desk, photo.id)).status_code == 404
    assert voice.client.get(address(desk, photo.id)).status_code == 403
    assert desk.client.get(f"/staff/paper/{uuid.uuid4()}/photos/{photo.id}").status_code == 404


def test_the_worker_removes_a_photo_and_what_was_typed_is_kept(desk: Desk) -> None:
    add(desk, camera())
    (photo,) = photos(desk)
    where = address(desk, photo.id)
    data = {"remove_photo": str(photo.id), f"{PROUD}.answer": "My bird box", "send": "yes"}
    assert fill(desk.client, f"/staff/paper/{desk.response().id}", data).status_code == 303
    assert photos(desk) == [] and desk.draft() is not None and desk.sent() == {}
    assert events(desk.session) == ["paper.photo-added", "paper.photo-removed"]
    assert desk.client.get(where).status_code == 404


def test_the_child_is_told_and_removes_the_photos(desk: Desk, voice: Voice) -> None:
    check = f"/voice/{desk.response().id}/check"
    assert "A photo of your paper" not in voice.client.get(check).get_data(as_text=True)
    add(desk, camera())
    html = voice.client.get(check).get_data(as_text=True)
    assert "A photo of your paper is kept here until" in html
    (photo,) = photos(desk)
    own = f"/voice/{desk.response().id}/photos/{photo.id}"
    assert f'<img class="of-paper" src="{own}"' in html, "they see it before they remove it"
    shown = voice.client.get(own)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(shown.data)).size == (400, 200)
    assert voice.client.get(f"/voice/{desk.response().id}/photos/{uuid.uuid4()}").status_code == 404
    assert desk.client.get(own).status_code == 403
    assert "used a photo of your paper" in voice.client.get("/mine").get_data(as_text=True)
    fill(voice.client, check, action=f"/voice/{desk.response().id}/photos/remove")
    assert photos(desk) == []
    assert "A photo of your paper" not in voice.client.get(check).get_data(as_text=True)


def test_the_photos_go_when_the_child_sends(desk: Desk, voice: Voice) -> None:
    add(desk, camera(), sec_proud__answer="My bird box")
    base = f"/voice/{desk.response().id}"
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    assert PROUD in desk.sent() and photos(desk) == []


def test_another_child_cannot_remove_them(app: Flask, people: People, desk: Desk) -> None:
    add(desk, camera())
    sam = people.young_person("Sam")
    people.pep(sam)
    other = app.test_client()
    sign_in(app, other, sam)
    (photo,) = photos(desk)
    assert other.get(f"/voice/{desk.response().id}/photos/{photo.id}").status_code == 404
    html = other.get("/voice/").get_data(as_text=True)
    token = html.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    gone = other.post(f"/voice/{desk.response().id}/photos/remove", data={"csrf_token": token})
    assert gone.status_code == 404 and len(photos(desk)) == 1


def test_a_photo_is_kept_for_a_month_and_not_longer(app: Flask, desk: Desk) -> None:
    add(desk, camera())
    for days, left in ((29, 1), (31, 0)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            assert app.test_cli_runner().invoke(args=["retain"]).exit_code == 0
        assert len(photos(desk)) == left
