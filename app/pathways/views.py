"""The open map: where am I now, what is possible from there, one step in full, and two ways side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _

from app.core import clock, languages
from app.core.db import db
from app.core.web.errors import Explained
from app.core.web.pages import page
from app.pathways import drawing, shelf, ways
from app.pathways.caching import kept_by_caches
from app.pathways.models import Kind
from app.pathways.records import Step
from app.pathways.shelf import Published

bp = Blueprint("pathways", __name__)

# A step whose day for checking has passed is still shown as it is for so long (handbook, pathways 1.8).
STALE_AFTER = timedelta(days=30)


class NoSuchStep(Explained):
    """The step is not on the map: taken off it, or never there."""

    @property
    def heading(self) -> str:
        """What the page says first."""
        # TRANSLATORS: heading when a step of the map does not exist (any more)
        return _("That step is not on the map")

    @property
    def advice(self) -> str:
        """What to do."""
        # TRANSLATORS: what to do when a step of the map does not exist
        return _("It may have a new name. Open 'See what is possible' and choose from there.")


@bp.get("/pathways/")
@kept_by_caches
def start() -> Response:
    """Ask where somebody is now, and show what is possible from there; or everything."""
    found = shelf.published(db.session, Kind.step)
    steps = _steps(found)
    code = request.args.get("from", "")
    begins = ways.find_start(code) or (_own_start() if not code else None)
    at = begins.at if begins else (code,) if code in steps else ()
    titles = {key: one.words("title", languages.current().tag) for key, one in found.items()}
    mirrored = languages.current().direction == "rtl"
    part = ways.ahead(steps, at) if at else None
    return page(
        "pathways/map.html",
        starts=[(one.code, ways.start_name(one.code)) for one in ways.STARTS],
        chosen=begins.code if begins else code if at else "",
        here_name=ways.start_name(begins.code) if begins else titles[at[0]].text if at else "",
        part=part,
        tree=drawing.down(steps, part, titles, mirrored=mirrored) if part else None,
        plan=(
            drawing.onwards(steps, part, titles, mirrored=mirrored)
            if part
            else drawing.across(steps, titles, mirrored=mirrored)
        ),
        found=found,
        groups=_as_read(part) if part else _by_column(steps),
        means=ways.arrows_mean(),
    )


@bp.get("/pathways/<string:key>")
@kept_by_caches
def step(key: str) -> Response:
    """Show one step in full."""
    found = shelf.published(db.session, Kind.step)
    if key not in found:
        raise NoSuchStep
    return page("pathways/step.html", one=found[key], **around(found))


@bp.get("/pathways/compare")
@kept_by_caches
def compare() -> Response:
    """Put two ways side by side."""
    found = shelf.published(db.session, Kind.step)
    chosen = [request.args.get(name, "") for name in ("one", "other")]
    both = [found[key] for key in dict.fromkeys(chosen) if key in found]
    return page(
        "pathways/compare.html",
        chosen=chosen,
        both=both,
        columns=_by_column(_steps(found)),
        **around(found),
    )


def around(found: Mapping[str, Published]) -> dict[str, Any]:
    """Return what the page of a step needs beside it: what it leads to, help and whom to ask."""
    return {
        "found": found,
        "entitlements": shelf.published(db.session, Kind.entitlement),
        "contacts": shelf.published(db.session, Kind.contact),
        "means": ways.arrows_mean(),
        "is_stale": is_stale,
        "for_adults": _for_adults(),
    }


def is_stale(one: Published) -> bool:
    """True when the day by which a record was to be checked again lies more than thirty days back."""
    due = one.record.review_by
    return due is not None and clock.today() > due + STALE_AFTER


def _for_adults() -> bool:
    actor = g.get("actor")
    return actor is not None and not actor.is_child


def _own_start() -> ways.Start | None:
    """Return where the signed-in young person is by their school year: the map begins with them."""
    actor = g.get("actor")
    return ways.start_of_year(actor.young.year_group) if actor is not None and actor.young else None


def _steps(found: Mapping[str, Published]) -> dict[str, Step]:
    return {key: cast(Step, one.record) for key, one in found.items()}


def _by_column(steps: Mapping[str, Step]) -> list[tuple[str, list[str]]]:
    columns = [(code, [key for key in steps if ways.column_of(steps[key]) == code]) for code, _stages in ways.COLUMNS]
    return [(ways.column_name(code), keys) for code, keys in columns if keys]


def _as_read(part: ways.Ahead) -> list[tuple[str, list[str]]]:
    """Return what lies ahead as the picture shows it, and then what it had no room for."""
    groups = [(ways.far_name(far), [one.key for one in part.seen if one.far == far]) for far in range(ways.FAR + 1)]
    # TRANSLATORS: heading over the steps that had no room in a picture
    groups.append((_("More ways"), list(part.left_out)))
    return [(name, keys) for name, keys in groups if keys]
