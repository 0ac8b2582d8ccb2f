"""Everybody in demo.json gets in with what stands there, again and again."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.settings import Settings
from app.demo import data, signing_in
from tests.demo.conftest import Run, SignIns
from tests.demo.ways_in import come_in, sign_in_as_worker

CHILDREN = ("primary_child", "secondary_child", "ucic_young_person", "post16_young_person", "care_leaver")
NO_PASSPHRASE = (*CHILDREN, "carer")
WORKERS = tuple(persona for persona in data.PERSONAS if persona not in NO_PASSPHRASE)


def test_the_file_has_everybody_the_contract_names(sign_ins: SignIns) -> None:
    assert set(sign_ins) == {*data.PERSONAS, "epep_client"}
    for persona in data.PERSONAS:
        assert {"name", "language", "link"} <= set(sign_ins[persona])
        assert sign_ins[persona]["link"].startswith("/go/")
    assert sign_ins["ucic_young_person"]["language"] == "ti"
    assert {"client_id", "client_secret"} <= set(sign_ins["epep_client"])


def test_only_its_owner_can_read_the_file(config: Settings, run: Run) -> None:
    signing_in.path_of(config).unlink()
    run("demo", "load")
    assert stat.S_IMODE(signing_in.path_of(config).stat().st_mode) == 0o600


def test_everybody_comes_in_with_their_card_or_link(app: Flask, sign_ins: SignIns) -> None:
    for persona in data.PERSONAS:
        page = come_in(app.test_client(), sign_ins[persona])
        assert page.status_code == 200, persona


def test_a_link_works_again_in_demo_mode(client: FlaskClient, sign_ins: SignIns) -> None:
    for _again in range(3):
        assert come_in(client, sign_ins["designated_teacher"]).status_code == 200


def test_every_worker_signs_in_with_passphrase_and_code(app: Flask, sign_ins: SignIns) -> None:
    assert len(WORKERS) == 8
    for persona in WORKERS:
        page = sign_in_as_worker(app.test_client(), sign_ins[persona])
        assert page.status_code == 200, persona


def test_a_young_child_has_pictures_and_an_older_one_has_words(sign_ins: SignIns) -> None:
    assert len(sign_ins["primary_child"]["code"]) == 4
    assert isinstance(sign_ins["primary_child"]["code"], list)
    assert len(sign_ins["secondary_child"]["code"].split()) == 3


def test_the_platform_gets_a_token_and_reads_what_was_said(client: FlaskClient, sign_ins: SignIns) -> None:
    platform = sign_ins["epep_client"]
    secret = base64.b64encode(f"{platform['client_id']}:{platform['client_secret']}".encode()).decode()
    token = client.post(
        "/api/v1/token",
        data={"grant_type": "client_credentials", "scope": "pep:read"},
        headers={"Authorization": f"Basic {secret}"},
    ).get_json()["access_token"]
    answer = client.get("/api/v1/pep-records?limit=500", headers={"Authorization": f"Bearer {token}"})
    fed = json.dumps(answer.get_json(), ensure_ascii=False)
    assert "keyboard teacher" in fed
    assert "سجلت هدفين" in fed
    assert "لم تعودوا" not in fed, "this was kept to themselves"


def test_lost_sign_ins_are_made_anew_and_the_old_ones_stop(
    client: FlaskClient, config: Settings, sign_ins: SignIns, run: Run
) -> None:
    signing_in.path_of(config).unlink()
    assert "new sign-ins" in run("demo", "load").output
    fresh = signing_in.read(config)
    assert come_in(client, fresh["social_worker"]).status_code == 200
    assert come_in(client, fresh["secondary_child"]).status_code == 200
    old = client.get(sign_ins["social_worker"]["link"])
    assert old.status_code == 200
    with pytest.raises(AssertionError):
        come_in(client, sign_ins["social_worker"])


def test_show_says_who_can_sign_in_and_how(run: Run, sign_ins: SignIns) -> None:
    shown = run("demo", "show").output
    for persona in data.PERSONAS:
        assert sign_ins[persona]["name"] in shown
        assert sign_ins[persona]["link"] in shown
    assert "moon, kite, fish, key" in shown
    assert "alder@example.org" in shown


def test_show_without_a_file_says_what_to_do(config: Settings, run: Run) -> None:
    signing_in.path_of(config).unlink()
    result = run("demo", "show")
    assert result.exit_code == 1
    assert "demo load" in result.output


def test_a_signed_in_child_reaches_every_page_of_their_own(signed_in: Callable[[str], FlaskClient]) -> None:
    for persona in CHILDREN:
        client = signed_in(persona)
        for address in ("/home", "/mine", "/voice/"):
            assert client.get(address).status_code == 200, f"{persona} {address}"
