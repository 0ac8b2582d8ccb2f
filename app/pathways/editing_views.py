"""Editing without code: what the public reads about pathways, help and opportunities, kept by the Virtual School."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, flash, g, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from pydantic import ValidationError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock, languages
from app.core.db import db, stays
from app.core.languages import Language, Quality
from app.core.settings import settings
from app.core.web.pages import go, page
from app.pathways import content_forms, editing, entitlement_guide, freshness, openings, publishing, shelf
from app.pathways.bank import Translated, digest
from app.pathways.models import Kind, LinkAnswer
from app.pathways.publish_checks import Refused
from app.pathways.publishing import Desk, Overtaken, SecondPersonNeeded
from app.pathways.records import RECORDS, HeVisit, Opening, Step
from app.pathways.shelf import Published
from app.people.sessions import current_actor

bp = Blueprint("editing", __name__)


@bp.get("/staff/content")
def listed() -> Response:
    """Show all content with its state; what waits for somebody first."""
    found = editing.entries(db.session)
    return page(
        "pathways/editing_list.html",
        kinds=list(Kind),
        entries=found,
        waiting=[one for one in found if one.is_open],
        stale=freshness.stale(db.session, clock.today()),
    )


@bp.get("/staff/content/stale")
def stale() -> Response:
    """Show what has to be looked at again, and why."""
    return page("pathways/editing_stale.html", stale=freshness.stale(db.session, clock.today()))


@bp.get("/staff/content/links")
def links() -> Response:
    """Show every address that the content leans on: those that are gone, then the longest unchecked first."""
    answers = editing.answers(db.session)
    found = [(one, answers.get(digest(one.address))) for one in editing.links(db.session)]
    today = clock.today()
    found.sort(key=lambda one: (not _is_gone(one[1]), one[0].source.checked if one[0].source else today))
    return page("pathways/editing_links.html", links=found, gone=sum(_is_gone(answer) for _one, answer in found))


def _is_gone(answer: LinkAnswer | None) -> bool:
    return answer is not None and answer.answer == editing.Answer.gone


@bp.route("/staff/content/<string:kind>/new", methods=["GET", "POST"])
def new(kind: str) -> BaseResponse:
    """Add something: few boxes first, the rest folded away."""
    known = _kind(kind)
    if request.method == "GET":
        return _form(known, "", content_forms.starting(known), seen=0)
    body = content_forms.typed(known, request.form)
    if not body.get("title"):
        # TRANSLATORS: to an editor who saves something new without a title
        return _form(known, "", body, seen=0, problems={"title": _("Give it a title first.")}, status=422)
    body.setdefault("id", publishing.key_from(str(body["title"]), known))
    key = str(body["id"])
    taken = {"id": _("There is already one with this name: %(name)s. Choose another.", name=key)}
    if publishing.exists(db.session, known, key) and not _is_ours(known, key, body):
        return _form(known, "", body, seen=0, problems=taken, status=422)
    try:
        return _keep(known, key, body, seen=0)
    except Refused as refused:
        return _form(known, "", body, seen=0, problems=refused.problems, status=422)


def _is_ours(kind: Kind, key: str, body: dict[str, Any]) -> bool:
    """Return whether this is the second press of the same button."""
    found = publishing.desk(db.session, kind, key)
    return found is not None and found.newest is not None and found.newest.body == body


@bp.route("/staff/content/<string:kind>/<string:key>", methods=["GET", "POST"])
def edit(kind: str, key: str) -> BaseResponse:
    """Change something: save a draft, or publish it."""
    found = _desk(kind, key)
    if request.method == "GET":
        return _form(found.kind, key, found.body, seen=found.seen, desk=found)
    body = {**content_forms.typed(found.kind, request.form), "id": key}
    return _keep(found.kind, key, body, seen=request.form.get("seen", 0, int))


def _keep(kind: Kind, key: str, body: dict[str, Any], *, seen: int) -> BaseResponse:
    """Save what was typed whatever it is; publish it when asked to and all is right."""
    actor = current_actor()
    try:
        version = publishing.save(db.session, actor, kind, body, seen=seen, note=request.form.get("note", ""))
    except Overtaken as overtaken:
        number = overtaken.newest.number if overtaken.newest else 0
        name = editing.name_of(db.session, overtaken.newest)
        return _form(kind, key, body, seen=number, desk=_desk(kind, key), overtaken=name or _("Somebody"), status=409)
    if request.form.get("do") != "publish":
        # TRANSLATORS: to an editor; the public does not see it yet
        flash(_("Saved as a draft. Nobody else sees it until it is published."), "saved")
        return go("editing.edit", kind=kind, key=key)
    try:
        publishing.publish(db.session, actor, version, two_people=settings().two_person_publish)
    except Refused as refused:
        stays(db.session)  # it is saved as a draft, whatever is wrong with it
        return _form(kind, key, body, seen=version.number, desk=_desk(kind, key), problems=refused.problems, status=422)
    except SecondPersonNeeded:
        # TRANSLATORS: to an editor, where a publication needs two people
        flash(_("Handed on. Another editor looks at it and publishes it."), "saved")
        return go("editing.edit", kind=kind, key=key)
    # TRANSLATORS: to an editor
    flash(_("Published. Everybody reads this now."), "saved")
    return go("editing.listed", _anchor=kind)


def _form(
    kind: Kind,
    key: str,
    body: dict[str, Any],
    *,
    seen: int,
    desk: Desk | None = None,
    problems: dict[str, str] | None = None,
    overtaken: str = "",
    status: int = 200,
) -> Response:
    boxes = content_forms.boxes(kind)
    filled = content_forms.full_rows(kind, body)
    return page(
        "pathways/editing_form.html",
        status=status,
        kind=kind,
        key=key,
        desk=desk,
        boxes=[one for one in boxes if not (key and one.name == "id")],
        shown={one.name: content_forms.shown(one, filled) for one in boxes},
        problems=problems or {},
        overtaken=overtaken,
        seen=seen,
        two_people=settings().two_person_publish,
        others=_others(),
        contacts={code: one.record.title for code, one in shelf.published(db.session, Kind.contact).items()},
        live=key in shelf.published(db.session, kind) if key else False,
    )


@bp.get("/staff/content/<string:kind>/<string:key>/preview")
def preview(kind: str, key: str) -> Response:
    """Show the newest version as the public would see it, in any language, as wide as a phone or a laptop."""
    found = _desk(kind, key)
    language = languages.find(request.args.get("in", "")) or languages.ENGLISH
    problems: dict[str, str] = {}
    shown = None
    try:
        record = RECORDS[found.kind].model_validate(found.body)
        live = shelf.published(db.session, found.kind).get(key)
        shown = Published(record, live.translations if live else {}, found.seen)
    except ValidationError:
        try:
            publishing.checked(db.session, found.kind, found.body)
        except Refused as refused:
            problems = refused.problems
    return page(
        "pathways/editing_preview.html",
        desk=found,
        shown=shown,
        inside=_inside(shown, language) if shown else "",
        problems=problems,
        read_in=language,
        wide=request.args.get("width") == "laptop",
        all_languages=[languages.ENGLISH, *_others()],
    )


def _inside(shown: Published, language: Language) -> Markup:
    """Return the public page's own words, in the language of the reader it is meant for."""
    before = g.language
    g.language = language
    try:
        with force_locale(language.babel):
            # Made by Jinja just now, with everything in it escaped.
            return Markup(_as_public(shown, language))  # noqa: S704
    finally:
        g.language = before


def _as_public(shown: Published, language: Language) -> str:
    """Use the public page itself; a contact has none, nor has an entitlement that is in force for nobody."""
    from app.pathways import entitlement_views, opportunity_views, views

    record, bare = shown.record, "pathways/editing_layout.html"
    if isinstance(record, Step):
        around = views.around({**shelf.published(db.session, Kind.step), record.id: shown})
        return render_template("pathways/step.html", layout=bare, one=shown, **around)
    if isinstance(record, Opening | HeVisit):
        around = opportunity_views.around(openings.as_if(shown), None)
        return render_template("pathways/opportunity.html", layout=bare, **around)
    for entitlement in entitlement_guide.everything({record.id: shown}, clock.today()).values():
        shared = entitlement_views.shared()
        return render_template("pathways/editing_entitlement.html", one=entitlement, **shared)
    return render_template("pathways/editing_as_public.html", one=shown, read_in=language)


@bp.get("/staff/content/<string:kind>/<string:key>/history")
def history(kind: str, key: str) -> Response:
    """Show every version: who, when, and what became other."""
    found = _desk(kind, key)
    return page("pathways/editing_history.html", desk=found, versions=editing.history(db.session, found.kind, key))


@bp.post("/staff/content/<string:kind>/<string:key>/restore")
def restore(kind: str, key: str) -> BaseResponse:
    """Make an old version the newest draft."""
    found = _desk(kind, key)
    number = request.form.get("number", -1, int)
    if found.item is None:
        raise NotFound
    try:
        publishing.restore(db.session, current_actor(), found.item, number, seen=request.form.get("seen", 0, int))
    except LookupError:
        raise NotFound from None
    except Overtaken:
        flash(_("Somebody else saved meanwhile. Look once more, then choose again."), "problem")
        return go("editing.history", kind=kind, key=key)
    # TRANSLATORS: to an editor who took an old version out of the history
    flash(_("The old version is a draft now. Look at it, then publish it."), "saved")
    return go("editing.edit", kind=kind, key=key)


@bp.post("/staff/content/<string:kind>/<string:key>/withdraw")
def withdraw(kind: str, key: str) -> BaseResponse:
    """Take something away from the public, or bring it back."""
    found = _desk(kind, key)
    if request.form.get("do") == "bring-back":
        if found.item is not None:
            publishing.bring_back(db.session, current_actor(), found.kind, key)
        flash(_("It is public again."), "saved")
    else:
        publishing.withdraw(db.session, current_actor(), found.kind, key)
        flash(_("It is withdrawn. Its history stays here."), "saved")
    return go("editing.edit", kind=kind, key=key)


@bp.route("/staff/content/<string:kind>/<string:key>/words/<string:tag>", methods=["GET", "POST"])
def translate(kind: str, key: str, tag: str) -> BaseResponse:
    """Put the words into another language, the English beside each."""
    found, language = _desk(kind, key), languages.find(tag)
    live = shelf.published(db.session, found.kind).get(key)
    if language is None or language is languages.ENGLISH or live is None:
        raise NotFound
    waiting = publishing.words_waiting(db.session, found.kind, key, language.tag)
    here = editing.lines(live.record, live.translations.get(language.tag, {}), waiting)
    if request.method == "GET":
        return _words_page(found, language, here, {})
    if request.form.get("seen") != _mark(here):
        return _words_page(found, language, here, {one.path: request.form.get(f"w-{one.path}", "") for one in here})
    texts = {}
    for one in here:
        quality = Quality.reviewed if request.form.get(f"q-{one.path}") else Quality.draft_machine
        texts[one.path] = Translated(request.form.get(f"w-{one.path}", "").replace("\r\n", "\n"), str(quality))
    two = settings().two_person_publish
    kept = publishing.translate(db.session, current_actor(), found.kind, key, language.tag, texts, two_people=two)
    if kept:
        flash(_("Handed on. Another editor looks at it and publishes it.") if two else _("Saved."), "saved")
    # What they put right themselves waits in its turn; the rest of what another wrote they have read.
    read = request.form.get("do") == "publish" and publishing.check_words(
        db.session, current_actor(), found.kind, key, language.tag
    )
    if read:
        flash(_("Published. Everybody reads this now."), "saved")
    if not kept and not read:
        flash(_("Nothing was changed."), "calm")
    return go("editing.translate", kind=kind, key=key, tag=tag)


def _words_page(found: Desk, language: Language, here: list[editing.Line], typed: dict[str, str]) -> Response:
    """Show the words beside the English. ``typed`` is what somebody wrote while another editor saved."""
    me = current_actor().person_id
    return page(
        "pathways/editing_words.html",
        status=409 if typed else 200,
        desk=found,
        to=language,
        lines=here,
        typed=typed,
        mine=me,
        to_check=any(one.waits_by not in (None, me) and not one.stale for one in here),
        seen=_mark(here),
    )


def _mark(lines: list[editing.Line]) -> str:
    """Return a mark of what stands now, so that two translators at once notice each other."""
    return digest("\n".join(f"{one.path}={one.english}={one.words}={one.quality}" for one in lines))


@bp.get("/staff/content/export.zip")
def export() -> Response:
    """Hand out all that is public as the YAML files that the product loads."""
    import zipfile

    from app.pathways.exporting import files

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files(db.session).items():
            made.writestr(name, text)
    response = make_response(packed.getvalue())
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = 'attachment; filename="content.zip"'
    return response


def _kind(kind: str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        raise NotFound from None


def _desk(kind: str, key: str) -> Desk:
    found = publishing.desk(db.session, _kind(kind), key)
    if found is None:
        raise NotFound
    return found


def _others() -> list[Language]:
    return [one for one in languages.offered(live=False) if one is not languages.ENGLISH]
