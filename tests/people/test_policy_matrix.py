"""Role by route: every address the app serves, asked for by everybody, held against the one declared map.

Nothing here names a route. Whatever is added to the app later is asked for as well: by somebody signed out, by every role that
may not, by every role that may but is not connected to the young person, from a locked screen, and beside a young person.
"""

from __future__ import annotations

import ast
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule as Route
from werkzeug.test import TestResponse

from app.core import clock
from app.core.audit import AuditEntry
from app.people import policy
from app.people.models import Person, Role, SignIn
from app.people.policy import RULES, Csrf, Rule
from app.voice.models import Response
from tests.factories import People, sign_in
from tests.people.tokens import csrf

RULES_FILE = Path(policy.__file__)
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_THEIRS = frozenset({"young_person_id", "pep_id", "response_id"})


@dataclass(frozen=True)
class Call:
    """One way to call the app."""

    endpoint: str
    path: str
    verb: str
    rule: Rule
    arguments: frozenset[str]

    @property
    def of_a_young_person(self) -> bool:
        """True when the address names a young person or something of theirs."""
        return bool(self.arguments & _THEIRS)


@dataclass
class World:
    """Two young people who have nothing to do with each other, and one adult of each role around the first."""

    app: Flask
    session: Session
    people: People

    def __post_init__(self) -> None:
        self.ours, self.other = self.people.young_person("Ours"), self.people.young_person("Other")
        self.adults = {role: self.people.connected(role, self.ours) for role in Role if not role.is_child}
        pep = self.people.pep(self.other)
        answered = Response(
            young_person_id=self.other.id, pep_id=pep.id, set_id="secondary", set_version=1, began_at=clock.now()
        )
        self.session.add(answered)
        self.session.commit()
        self.of_the_other = {"young_person_id": self.other.id, "pep_id": pep.id, "response_id": answered.id}

    def person(self, role: Role) -> Person:
        return self.ours if role.is_child else self.adults[role]

    def signed_in(self, role: Role, *, locked: bool = False, helper: Person | None = None) -> FlaskClient:
        client = self.app.test_client()
        row = sign_in(self.app, client, self.person(role), way="beside" if helper else "worker", helper=helper)
        if locked:
            self.session.execute(update(SignIn).where(SignIn.id == row.id).values(locked=True))
            self.session.commit()
        return client

    def calls(self) -> Iterator[Call]:
        """Every address with every verb, filled with what belongs to the young person nobody here is connected to."""
        for route in self.app.url_map.iter_rules():
            rule = RULES.get(route.endpoint)
            if rule is None or route.endpoint == "static":
                continue
            for verb in _VERBS:
                if verb in (route.methods or ()):
                    yield Call(route.endpoint, self._fill(route), verb, rule, frozenset(route.arguments))

    def _fill(self, route: Route) -> str:
        values: dict[str, object] = {}
        for name, converter in route._converters.items():
            kind = type(converter).__name__
            stands_for = {"UUIDConverter": uuid.uuid4(), "IntegerConverter": 987654}.get(kind, "unknown")
            values[name] = self.of_the_other.get(name, stands_for)
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(route.endpoint, values, method=None)


def ask(client: FlaskClient, call: Call) -> TestResponse:
    """Make one call, with a form token that is in order."""
    data = None if call.verb == "GET" else {"csrf_token": csrf(client)}
    return client.open(call.path, method=call.verb, data=data, unchecked=True)


def problems(world: World, room: str = "") -> list[str]:
    """Return every answer that is not what the map promises, of one room's routes or of all."""
    found: list[str] = []
    # Every call here must be refused, so one signed-in browser a role serves them all.
    signed_in = {role: world.signed_in(role) for role in Role}
    locked = {role: world.signed_in(role, locked=True) for role in Role}
    beside = world.signed_in(Role.young_person, helper=world.adults[Role.designated_teacher])

    def expect(call: Call, who: str, answer: TestResponse, *allowed: int, location: str | None = None) -> None:
        if answer.status_code not in allowed or (location is not None and answer.location != location):
            found.append(
                f"{who}: {call.verb} {call.endpoint} answered {answer.status_code} {answer.location}, not {allowed[0]}"
            )

    for call in world.calls():
        if call.rule.csrf is Csrf.machine or not call.endpoint.startswith(room):
            continue
        if not call.rule.while_beside:
            expect(call, "beside", ask(beside, call), 404)
        if call.rule.who is None:
            continue
        expect(call, "signed out", ask(world.app.test_client(), call), 303, location="/")
        for role in Role:
            may = role in call.rule.who
            if not may:
                expect(call, f"{role} (wrong role)", ask(signed_in[role], call), 403)
            elif call.arguments and role not in call.rule.anybodys:
                # What is nobody's answers 404 as well, or moves on without having done anything.
                allowed = (404,) if call.of_a_young_person else (404, 303)
                expect(call, f"{role} (not connected)", ask(signed_in[role], call), *allowed)
            if may and not call.rule.while_locked:
                expect(call, f"{role} (locked)", ask(locked[role], call), 303, location="/unlock")
    return found


@pytest.fixture
def world(app: Flask, session: Session, people: People) -> World:
    return World(app, session, people)


def test_every_route_answers_every_role_as_the_map_says(world: World) -> None:
    assert problems(world) == []


def test_no_page_breaks_for_somebody_who_may_see_it(world: World) -> None:
    broken = []
    for call in world.calls():
        if call.arguments or call.rule.csrf is Csrf.machine or call.verb != "GET" or call.endpoint.startswith("core."):
            continue
        roles = [None] if call.rule.who is None else sorted(call.rule.who)
        for role in roles:
            client = world.app.test_client() if role is None else world.signed_in(role)
            status = ask(client, call).status_code
            if status >= 500:
                broken.append(f"{role}: {call.endpoint} answered {status}")
    assert broken == []


def test_nothing_about_a_young_person_is_open_to_everybody(app: Flask) -> None:
    open_to_all = {
        route.endpoint
        for route in app.url_map.iter_rules()
        if (rule := RULES.get(route.endpoint)) and rule.who is None and rule.csrf is not Csrf.machine
        if route.arguments & _THEIRS
    }
    assert open_to_all == set()


def test_beside_a_young_person_an_adult_reaches_the_answering_help_and_the_ways_out_and_nothing_else() -> None:
    # An adult can open 'beside me' when the young person is not there. What is added here is open to that adult too.
    assert {endpoint for endpoint, rule in RULES.items() if rule.while_beside} == {
        *("static", "core.healthz", "core.readyz"),
        *("home.welcome", "home.home", "home.privacy", "home.accessibility"),
        *("safeguarding.help_now", "safeguarding.leave", "people.sign_out", "people.beside_end", "people.more_time"),
        *("voice.asked", "voice.start", "voice.before", "voice.question", "voice.check", "voice.share"),
        *("voice.seen_by", "voice.send", "voice.sent", "wishes.new"),
    }


def test_every_rule_names_its_audit_event_or_says_why_it_has_none() -> None:
    whole, begun = events_in_the_code()
    for endpoint, rule in RULES.items():
        written = rule.audit in whole or any(rule.audit.startswith(start) for start in begun)
        assert rule.audit.startswith("none: ") or written, f"{endpoint}: nothing writes {rule.audit}"


def events_in_the_code() -> tuple[set[str], set[str]]:
    """Return the texts like an event's name that stand in the code outside the map, and how those begin that are put together."""
    whole, begun = set(), set()
    for file in Path(RULES_FILE).parent.parent.rglob("*.py"):
        if file == RULES_FILE:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(start := node.values[0], ast.Constant):
                begun.add(str(start.value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return whole, {start for start in begun if re.fullmatch(r"[a-z-]+\.[a-z-]*", start)}


def test_who_looks_at_a_young_persons_page_is_written_down_as_the_map_says(world: World) -> None:
    """Every page whose event says that somebody saw something, opened by everybody who may."""
    world.of_the_other = {"young_person_id": world.ours.id, "pep_id": world.people.pep(world.ours).id}
    silent, seen = [], set()
    for call in world.calls():
        sees = call.rule.audit.endswith((".read", ".printed", ".exported"))
        if call.verb != "GET" or not call.of_a_young_person or call.arguments - world.of_the_other.keys() or not sees:
            continue
        for role in call.rule.who or ():
            before = world.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
            world.session.rollback()
            if ask(world.signed_in(role), call).status_code != 200:
                continue
            seen.add(call.endpoint)
            written = world.session.scalars(select(AuditEntry).order_by(AuditEntry.id).offset(before)).all()
            found = {(one.event, one.actor_id, one.subject_id) for one in written}
            # That two people are kept apart is told to neither: its entries name nobody whom they would be shown to.
            whose = None if call.endpoint.startswith("apart.") else world.ours.id
            if (call.rule.audit, world.person(role).id, whose) not in found:
                silent.append(f"{role}: GET {call.endpoint} wrote {found}, not {call.rule.audit}")
            world.session.rollback()
    assert silent == []
    assert seen > {"people.young_person", "pep.record", "pep.print_view", "pep.ready_text", "voice.paper"}


# -- the checker itself -------------------------------------------------------------------------------------------------


def add(world: World, monkeypatch: pytest.MonkeyPatch, path: str, rule: Rule | None, answer: object = "here") -> None:
    """Add a route that was written carelessly."""
    world.app.add_url_rule(path, "careless.page", lambda **_anything: answer, methods=["GET", "POST"])
    if rule is not None:
        monkeypatch.setitem(RULES, "careless.page", rule)


def test_the_checker_sees_a_page_that_forgets_to_ask_for_a_connection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = frozenset({Role.social_worker})
    add(world, monkeypatch, "/careless/<uuid:young_person_id>", Rule(workers, "careless.read"))
    assert problems(world, "careless.") == [
        f"social_worker (not connected): {verb} careless.page answered 200 None, not 404" for verb in ("GET", "POST")
    ]


def test_the_checker_sees_a_door_that_stands_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    add(world, monkeypatch, "/careless", Rule(frozenset({Role.iro}), "careless.read"))
    world.app.before_request_funcs[None] = []
    world.app.config["PROPAGATE_CRASHES"] = False
    found = problems(world, "careless.")
    assert any("signed out: GET careless.page answered 200" in p for p in found)
    assert any("carer (wrong role): POST careless.page answered 200" in p for p in found)


def test_a_page_is_closed_beside_an_adult_unless_its_rule_says_otherwise(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = frozenset({Role.young_person})
    add(world, monkeypatch, "/careless", Rule(children, "careless.read"))
    beside = world.signed_in(Role.young_person, helper=world.adults[Role.carer])
    assert beside.get("/careless").status_code == 404


def test_a_route_without_a_rule_is_not_served(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    add(world, monkeypatch, "/careless", None)
    assert world.signed_in(Role.virtual_school).get("/careless").status_code == 404
    assert world.app.test_client().get("/careless").status_code == 404
