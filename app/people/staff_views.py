"""The workers' pages about young people: my list, one young person, their ways in, the questions they are asked.

Every view asks the connections that live today; a young person who is not this worker's is a page that does not exist.
"""

from __future__ import annotations

import uuid

from flask import current_app, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock
from app.core.db import db
from app.core.settings import settings
from app.core.web.pages import go, page
from app.people import cards, caseload, links, not_me, peps, qr, sessions, telling, words
from app.people.forms import CardForm, TemplateForm, flag_choices, place_choices, set_choices
from app.people.models import CardKind, Person, Role
from app.people.policy import CARD_ISSUERS, HELPERS, INVITERS, RULES
from app.people.views import bp


@bp.get("/staff/young-people")
def young_people() -> BaseResponse:
    """My young people: those I am connected to today."""
    rows = caseload.young_people(db.session, sessions.current_actor(), clock.today())
    return page("people/young_people.html", rows=rows, year_words=words.year_words)


@bp.get("/staff/young-people/<uuid:young_person_id>")
def young_person(young_person_id: uuid.UUID) -> BaseResponse:
    """One young person: their PEPs, the adults around them, their ways in."""
    actor, on = sessions.current_actor(), clock.today()
    young = caseload.theirs(db.session, actor, young_person_id, on)
    audit.record(db.session, actor, "young-person.read", subject_id=young.id)
    return page(
        "people/young_person.html",
        young=young,
        facts=young.young,
        peps=peps.peps_of(db.session, young.id),
        record_of=_record_address,
        around=caseload.around(db.session, young.id, on),
        card=cards.living(db.session, young.id),
        link=caseload.waiting_link(db.session, young.id, clock.now()),
        kind=cards.kind_for_year(young.young.year_group if young.young else None),
        may=_may(young),
        not_them=not_me.told_of(db.session, young.id) if actor.role is Role.virtual_school else [],
        role_words=words.role_words,
        year_words=words.year_words,
    )


def _may(young: Person) -> dict[str, bool]:
    """Return which of the page's buttons would work for this worker and young person."""
    actor, on = sessions.current_actor(), clock.today()
    mine = caseload.roles(db.session, actor, young.id, on) & {actor.role}
    if not caseload.may_help(young, mine):
        mine = frozenset()
    can_change = RULES["people.change_template"].who or frozenset()
    return {
        "card": bool(mine & CARD_ISSUERS),
        "beside": bool(mine & HELPERS),
        "template": bool(mine & can_change),
        "invite": bool(mine & INVITERS),
    }


def _record_address(pep_id: uuid.UUID) -> str | None:
    """Return the address of a PEP's record, where that room is open."""
    return url_for("pep.record", pep_id=pep_id) if "pep.record" in current_app.view_functions else None


@bp.post("/staff/young-people/<uuid:young_person_id>/card")
def issue_card(young_person_id: uuid.UUID) -> BaseResponse:
    """Make a new card and show it, this once, to be printed. An older one stops working."""
    actor = sessions.current_actor()
    young = caseload.theirs(db.session, actor, young_person_id, clock.today(), CARD_ISSUERS)
    form = CardForm(request.form)
    if not form.validate():
        raise BadRequest
    issued = cards.issue(db.session, actor, young, CardKind(form.kind.data))
    address = _public_address(issued.token)
    return page("people/card.html", young=young, address=address, code=qr.draw(address), kind=issued.card.kind)


@bp.post("/staff/young-people/<uuid:young_person_id>/card/revoke")
def revoke_card(young_person_id: uuid.UUID) -> BaseResponse:
    """Take a card back: it stops working now, and sessions made with it end."""
    actor = sessions.current_actor()
    young = caseload.theirs(db.session, actor, young_person_id, clock.today(), CARD_ISSUERS)
    if cards.revoke(db.session, actor, young):
        # Without the child's name: what is flashed stands readable in the browser's cookie.
        # TRANSLATORS: a worker took back a child's card, on the child's page
        flash(_("The card does not work any more."), "saved")
    else:
        # TRANSLATORS: a worker wanted to take back a card that was not there, on the child's page
        flash(_("There is no card that works."), "calm")
    return go("people.young_person", young_person_id=young.id)


@bp.post("/staff/young-people/<uuid:young_person_id>/link")
def send_link(young_person_id: uuid.UUID) -> BaseResponse:
    """Make a one-time link and show it, this once. Older ones stop working."""
    actor = sessions.current_actor()
    young = caseload.theirs(db.session, actor, young_person_id, clock.today(), CARD_ISSUERS)
    made = links.make(db.session, actor, young, settings())
    address = _public_address(made.token)
    told = request.form.get("also") == "phone" and telling.send_link_to_phone(db.session, made)
    return page(
        "people/link.html",
        young=young,
        address=address,
        code=qr.draw(address),
        until=made.link.expires_at,
        told=told,
        asks_for_code=cards.asks_for_code(db.session, made.link) is not None,
    )


def _public_address(token: str) -> str:
    """Return the address that stands on a card, as people outside reach us."""
    return settings().public_url.rstrip("/") + url_for("people.go", token=token)


@bp.route("/staff/young-people/<uuid:young_person_id>/template", methods=["GET", "POST"])
def change_template(young_person_id: uuid.UUID) -> BaseResponse:
    """Choose by hand which questions a young person is asked (handbook, section 3)."""
    actor = sessions.current_actor()
    allowed = RULES["people.change_template"].who or frozenset()
    young = caseload.theirs(db.session, actor, young_person_id, clock.today(), allowed)
    facts = young.young
    if facts is None:
        raise BadRequest
    form = TemplateForm(request.form if request.method == "POST" else None, obj=facts)
    if request.method != "POST":
        form.question_set.data = facts.question_set or ""
    elif form.validate():
        facts.question_set = form.question_set.data or None
        facts.place = form.place.data
        facts.short_path = form.short_path.data
        facts.flags = form.flags.data or []
        audit.record(
            db.session, actor, "young-person.changed", subject_id=young.id, detail=form.question_set.data or None
        )
        # TRANSLATORS: a worker changed which questions a child is asked
        flash(_("Saved. The next set of questions follows this."), "saved")
        return go("people.young_person", young_person_id=young.id)
    return page(
        "people/template.html",
        status=422 if request.method == "POST" else 200,
        young=young,
        form=form,
        sets=set_choices(),
        places=place_choices(),
        flags=flag_choices(),
    )
