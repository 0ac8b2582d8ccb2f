"""'Why did you open this?': asked by a young person of a named adult, answered on their own page."""

from __future__ import annotations

from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEntry
from app.people.models import Connection
from app.wishes.models import WhyAsked
from tests.people.tokens import csrf
from tests.wishes.conftest import Circle


def opened(circle: Circle) -> AuditEntry:
    circle.text(circle.teacher, f"/staff/peps/{circle.pep.id}")
    return circle.session.scalars(select(AuditEntry).where(AuditEntry.event == "record.read")).one()


def test_a_young_person_asks_why_and_reads_the_answer(circle: Circle) -> None:
    entry = opened(circle)
    asked = circle.press(circle.robin, "/mine", "/mine/why", entry=str(entry.id))
    assert asked.status_code == 303
    assert "waiting for their answer" in circle.text(circle.robin, "/mine")
    assert "Robin asks: why did you open my page" in circle.text(circle.teacher, "/home")
    why = circle.session.scalars(select(WhyAsked)).one()
    circle.press(circle.teacher, "/home", f"/staff/why/{why.id}", words="To get ready for your meeting.")
    html = circle.text(circle.robin, "/mine")
    assert "You asked why. Ms Teal says:" in html and "To get ready for your meeting." in html
    assert "Robin asks" not in circle.text(circle.teacher, "/home")


def test_asking_twice_is_asking_once(circle: Circle) -> None:
    entry = opened(circle)
    browser = circle.browser(circle.robin)
    for _twice in range(2):
        assert browser.post("/mine/why", data={"csrf_token": csrf(browser), "entry": entry.id}).status_code == 303
    assert len(circle.session.scalars(select(WhyAsked)).all()) == 1


def test_nobody_asks_about_another_young_persons_page(circle: Circle) -> None:
    entry = opened(circle)
    browser = circle.browser(circle.people.young_person("Other"))
    for wrong in (entry.id, "nonsense", ""):
        assert browser.post("/mine/why", data={"csrf_token": csrf(browser), "entry": wrong}).status_code == 404


def test_only_who_was_asked_answers_and_only_once(circle: Circle) -> None:
    entry = opened(circle)
    circle.press(circle.robin, "/mine", "/mine/why", entry=str(entry.id))
    why = circle.session.scalars(select(WhyAsked)).one()
    for adult, words, status in (
        (circle.worker, "Me", 404),
        (circle.teacher, "First", 303),
        (circle.teacher, "Then", 303),
    ):
        browser = circle.browser(adult)
        data = {"csrf_token": csrf(browser), "words": words}
        assert browser.post(f"/staff/why/{why.id}", data=data).status_code == status
    circle.session.expire_all()
    assert circle.session.get_one(WhyAsked, why.id).words == "First"


def test_the_answer_is_sealed_on_the_disk(circle: Circle) -> None:
    entry = opened(circle)
    circle.press(circle.robin, "/mine", "/mine/why", entry=str(entry.id))
    why = circle.session.scalars(select(WhyAsked)).one()
    circle.press(circle.teacher, "/home", f"/staff/why/{why.id}", words="To get ready.")
    raw = circle.session.connection().exec_driver_sql("SELECT words FROM why_asked").scalar_one()
    assert b"ready" not in bytes(raw)


def test_the_answer_is_read_in_the_young_persons_own_language(circle: Circle) -> None:
    circle.robin.language = "ar"
    entry = opened(circle)
    circle.press(circle.robin, "/mine", "/mine/why", entry=str(entry.id))
    why = circle.session.scalars(select(WhyAsked)).one()
    words = {"words": "To get ready for your meeting.", "other": "لأستعد لاجتماعك."}
    circle.press(circle.teacher, "/home", f"/staff/why/{why.id}", **words)
    page = circle.text(circle.robin, "/mine?lang=ar")
    assert 'lang="ar" dir="rtl">لأستعد لاجتماعك.' in page and "To get ready" not in page
    page = circle.text(circle.robin, "/mine?lang=en-GB")
    assert "To get ready for your meeting." in page


def test_whoever_has_left_is_not_named_a_child_any_more_and_the_child_hears_why(circle: Circle) -> None:
    entry = opened(circle)
    circle.press(circle.robin, "/mine", "/mine/why", entry=str(entry.id))
    ends = circle.session.scalars(select(Connection).where(Connection.adult_id == circle.teacher.id)).one()
    ends.ends_on = clock.today()
    circle.session.commit()
    assert "Robin" not in circle.text(circle.teacher, "/home")
    why = circle.session.scalars(select(WhyAsked)).one()
    browser = circle.browser(circle.teacher)
    data = {"csrf_token": csrf(browser), "words": "Hello Robin"}
    assert browser.post(f"/staff/why/{why.id}", data=data).status_code == 404
    assert "Ms Teal does not work with you any more, so they cannot answer." in circle.text(circle.robin, "/mine")
