"""At 18, home and school lose access by themselves, also where nobody has ended their connection yet."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.models import Role
from tests.factories import People, sign_in
from tests.people.tokens import csrf


@pytest.mark.parametrize("role", [Role.carer, Role.key_worker, Role.designated_teacher])
def test_home_and_school_cannot_open_a_care_leavers_answering_or_make_a_way_in(
    app: Flask, client: FlaskClient, people: People, role: Role
) -> None:
    young = people.young_person("Ash", year_group=13, care="care_leaver")
    sign_in(app, client, people.connected(role, young), way="worker")
    assert client.get(f"/beside/{young.id}").status_code == 404
    token = {"csrf_token": csrf(client), "kind": "words"}
    assert client.post(f"/beside/{young.id}", data=token).status_code == 404
    if role is not Role.carer:
        for way in ("card", "card/revoke", "link"):
            assert client.post(f"/staff/young-people/{young.id}/{way}", data=token).status_code == 404


def test_their_personal_adviser_still_can(app: Flask, client: FlaskClient, people: People) -> None:
    young = people.young_person("Ash", year_group=13, care="care_leaver")
    sign_in(app, client, people.connected(Role.personal_adviser, young), way="worker")
    assert client.get(f"/beside/{young.id}").status_code == 200
