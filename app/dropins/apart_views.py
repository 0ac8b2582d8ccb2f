"""The team's page of whom a young person must not meet at a drop-in. Nobody else sees it, and neither of the two is told."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import db
from app.core.web.pages import go, page
from app.dropins import apart, reach
from app.dropins.who_may import young_person_to_book_for
from app.people.sessions import current_actor

bp = Blueprint("apart", __name__)


@bp.route("/staff/young-people/<uuid:young_person_id>/dropins/apart", methods=["GET", "POST"])
def kept(young_person_id: uuid.UUID) -> BaseResponse:
    """Whom somebody must not meet; find another by name, which stands in no address; keep them apart."""
    actor = current_actor()
    young = young_person_to_book_for(db.session, actor, young_person_id)
    other = _uuid("person")
    if request.method == "POST" and other is not None and reach.may_pick(db.session, other) and other != young.id:
        months = request.form.get("months", "")
        apart.keep(db.session, actor, young.id, other, int(months) if months.isdecimal() and len(months) < 3 else None)
        # TRANSLATORS: to a worker who set that two young people must not meet at a drop-in
        flash(_("Kept. They are not offered the same drop-in. Neither is told."), "saved")
        return go(".kept", young_person_id=young.id)
    name = request.form.get("name", "")
    found = [one for one in reach.find(db.session, actor, name) if one.person_id != young.id] if name else []
    pairs = apart.pairs_of(db.session, actor, young.id)
    return page("dropins/apart.html", young=young, pairs=pairs, name=name, found=found, months=apart.MONTHS)


@bp.post("/staff/young-people/<uuid:young_person_id>/dropins/apart/end")
def ended(young_person_id: uuid.UUID) -> BaseResponse:
    """They may meet again."""
    actor = current_actor()
    young = young_person_to_book_for(db.session, actor, young_person_id)
    pair = _uuid("pair")
    if pair is not None:
        apart.end(db.session, actor, young.id, pair)
        # TRANSLATORS: to a worker: two young people who had to be kept apart may come to the same drop-in again
        flash(_("Saved. They may come to the same drop-in again."), "saved")
    return go(".kept", young_person_id=young.id)


def _uuid(field: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.form.get(field, ""))
    except ValueError:
        return None
