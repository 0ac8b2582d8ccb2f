"""The workers' pages about paper: print the questions, and type in what comes back."""

from __future__ import annotations

import uuid

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock, languages
from app.core.db import db, new_id, stays
from app.core.settings import settings
from app.core.web.pages import go, page
from app.core.web.press import PressUnavailable, to_pdf
from app.people.audience import readers_today
from app.people.caseload import theirs
from app.people.models import Pep, Person, YoungPerson
from app.people.peps import current_pep
from app.people.policy import CARD_ISSUERS
from app.people.sessions import current_actor
from app.people.words import role_words
from app.questions.choosing import AFTER_MEETING
from app.questions.wording import section_heading
from app.voice import paper, paper_photos, paper_typing, paper_wish
from app.voice.models import Response as Answered
from app.voice.responses import feedback_pep, may_send, title
from app.voice.views import bp
from app.voice.walk import Walk, build, load


@bp.route("/staff/young-people/<uuid:young_person_id>/paper", methods=["GET", "POST"], endpoint="paper")
def paper_choice(young_person_id: uuid.UUID) -> BaseResponse:
    """Offer the paper twin: which size; and, once it was printed, where to type it in."""
    actor, on = current_actor(), clock.today()
    young = theirs(db.session, actor, young_person_id, on, CARD_ISSUERS)
    facts = _facts(young)
    # '?set=after-meeting' is how the meeting was, on the page of a meeting that is over.
    after = request.args.get("set") == AFTER_MEETING
    pep = feedback_pep(db.session, young.id) if after else current_pep(db.session, young.id, on)
    if request.method == "POST" and pep is not None:
        paper.begin_on_paper(db.session, actor, facts, pep)
        return go("voice.paper_print", pep_id=pep.id, size=_size())
    audit.record(db.session, actor, "young-person.read", subject_id=young.id)
    known = languages.find(young.language) or languages.ENGLISH
    return page(
        "voice/paper_choice.html",
        young=young,
        pep=pep,
        known=known,
        offered=known in languages.offered(live=settings().live),
        responses=paper.printed(db.session, facts, pep) if pep else [],
        title=title,
    )


@bp.get("/staff/peps/<uuid:pep_id>/paper")
def paper_print(pep_id: uuid.UUID) -> BaseResponse:
    """Show the paper as it is printed."""
    found = _paper(pep_id)
    if found is None:
        return go("voice.paper", young_person_id=_pep(pep_id).young_person_id)
    return make_response(render_template("voice/paper_print.html", paper=found, size=_size()))


@bp.get("/staff/peps/<uuid:pep_id>/paper.pdf")
def paper_pdf(pep_id: uuid.UUID) -> BaseResponse:
    """Hand out the paper as a PDF; where none can be made, the print view does the same."""
    found = _paper(pep_id)
    if found is None:
        return go("voice.paper", young_person_id=_pep(pep_id).young_person_id)
    try:
        made = to_pdf(render_template("voice/paper_print.html", paper=found, size=_size()))
    except PressUnavailable:
        # TRANSLATORS: shown to a worker when the server cannot make a PDF
        flash(_("We could not make a PDF just now. You can print this page, or save it as a PDF from there."), "calm")
        return go("voice.paper_print", pep_id=pep_id, size=_size())
    response = make_response(made)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="pep-voice-on-paper.pdf"'
    return response


@bp.url_value_preprocessor
def _room_for_a_photo(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Let this one form carry a photo. Said before the door reads the form for its token; it reads a worker's form only."""
    if endpoint == "voice.type_paper":
        request.max_content_length = paper_photos.LARGEST_FILE + 1024 * 1024


@bp.route("/staff/paper/<uuid:response_id>", methods=["GET", "POST"])
def type_paper(response_id: uuid.UUID) -> BaseResponse:
    """Type in what came back on paper: all questions on one page."""
    actor = current_actor()
    walk = _walk(response_id, request.values.get("written_in"))
    if request.method == "GET":
        return _form(walk, paper_typing.rows(db.session, actor, walk), paper_wish.row(db.session, walk.response))
    readers = readers_today(db.session, walk.response.young_person_id, clock.today())
    walk, typed = paper_typing.take(db.session, actor, walk, readers, request.form)
    no_photo = _photos(walk.response)
    removes = "remove_photo" in request.form
    asks = not removes and request.form.get("send") == "yes" and may_send(walk.response, clock.today())
    asks = asks and not typed.problems
    sent = paper_typing.send_papers(db.session, actor, walk) if asks else None
    wish = paper_wish.take(db.session, actor, walk, readers, request.form, send=asks)
    if not wish.message:
        _say(typed, sent=sent is not None or (asks and wish.made))
    if typed.problems or no_photo or wish.message:
        kept = typed.rows if typed.problems else paper_typing.rows(db.session, actor, walk)
        stays(db.session)  # every answer that could be read is saved; the page asks for the rest
        return _form(walk, kept, wish, status=422, no_photo=no_photo)
    return go("voice.type_paper", response_id=response_id, written_in=walk.language)


@bp.get("/staff/paper/<uuid:response_id>/photos/<uuid:photo_id>")
def paper_photo(response_id: uuid.UUID, photo_id: uuid.UUID) -> BaseResponse:
    """Show a photo of a paper to the worker who added it."""
    response = _walk(response_id, None).response
    return _as_jpeg(paper_photos.picture(db.session, current_actor(), response, photo_id))


def _as_jpeg(picture: bytes) -> BaseResponse:
    made = make_response(picture)
    made.mimetype = "image/jpeg"
    return made


@bp.get("/voice/<uuid:response_id>/photos/<uuid:photo_id>")
def my_paper_photo(response_id: uuid.UUID, photo_id: uuid.UUID) -> BaseResponse:
    """Show a photo of a paper to the young person whose words are on it, so that they know what they keep or remove."""
    response = load(db.session, current_actor(), response_id, languages.current().tag).response
    return _as_jpeg(paper_photos.own_picture(db.session, response, photo_id))


@bp.post("/voice/<uuid:response_id>/photos/remove")
def remove_paper_photos(response_id: uuid.UUID) -> BaseResponse:
    """The young person does not want photos of their paper kept."""
    response = load(db.session, current_actor(), response_id, languages.current().tag).response
    paper_photos.remove_all(db.session, current_actor(), response)
    return go("voice.check", response_id=response_id)


def _photos(response: Answered) -> str:
    """Add or remove the photo that the form asks for; return what to do when it cannot be kept."""
    actor = current_actor()
    gone = request.form.get("remove_photo", type=uuid.UUID)
    if gone is not None:
        paper_photos.remove(db.session, actor, response, gone)
    file = request.files.get("photo")
    if file is None or not file.filename:
        return ""
    try:
        paper_photos.add(db.session, actor, response, request.form.get("photo_key", ""), file.stream)
    except paper_photos.NoPhoto as problem:
        return str(problem)
    finally:
        file.close()
    return ""


def _form(
    walk: Walk, rows: dict[str, paper_typing.Row], wish: paper_wish.WishRow, status: int = 200, no_photo: str = ""
) -> Response:
    young = db.session.get_one(Person, walk.response.young_person_id)
    known = languages.find(young.language) or languages.ENGLISH
    printed = {
        one.question.id: one for one in paper.questions_of(walk.question_set, walk.facts, known, walk.response.short)
    }
    return page(
        "voice/paper_typing.html",
        status=status,
        walk=walk,
        young=young,
        rows=rows,
        printed=printed,
        sections=[
            (section_heading(key, languages.current().tag), ids) for key, ids in paper_typing.in_sections(rows, printed)
        ],
        shares=paper.shares_of(walk.facts, languages.current()),
        readers=readers_today(db.session, young.id, clock.today()),
        written_in=walk.language,
        all_languages=languages.LANGUAGES,
        still_open=may_send(walk.response, clock.today()),
        set_title=title(walk.response.set_id),
        role_words=role_words,
        photos=paper_photos.taken_by(db.session, current_actor(), walk.response),
        photo_key=new_id(),
        asks_wish=paper_wish.asks(walk.question_set),
        wish=wish,
        no_photo=no_photo,
        photos_until=clock.today() + settings().retain_paper_photos,
    )


def _say(typed: paper_typing.Typed, *, sent: bool) -> None:
    if typed.left_alone:
        # TRANSLATORS: to a worker who typed in paper; %(num)s is how many questions
        words = ngettext(
            "%(num)s answer is theirs already, so we left it as it is.",
            "%(num)s answers are theirs already, so we left them as they are.",
            len(typed.left_alone),
        )
        flash(words, "calm")
    if sent:
        # TRANSLATORS: to a worker who typed in paper
        flash(_("Saved and sent. They see it on their page, and can change it."), "saved")
    elif not typed.problems:
        # TRANSLATORS: to a worker who typed in paper
        flash(_("Saved. It waits on their page; nobody else can read it yet."), "saved")


def _walk(response_id: uuid.UUID, written_in: str | None) -> Walk:
    """Return the walk of a young person whom the worker may help. Raises NotFound for any other."""
    response = db.session.get(Answered, response_id)
    # Paper speaks for the young person alone: what the people they live with write is not typed in here.
    if response is None or response.by_person_id != response.young_person_id:
        raise NotFound
    young = theirs(db.session, current_actor(), response.young_person_id, clock.today(), CARD_ISSUERS)
    language = languages.find(written_in) or languages.find(young.language) or languages.ENGLISH
    return build(db.session, response, paper.facts_of(_facts(young)), young.name, language.tag)


def _paper(pep_id: uuid.UUID) -> paper.Paper | None:
    """Return the paper of a PEP, None when nothing was begun for it; the audit says that it was printed."""
    actor = current_actor()
    pep = _pep(pep_id)
    young = theirs(db.session, actor, pep.young_person_id, clock.today(), CARD_ISSUERS)
    facts = _facts(young)
    responses = paper.printed(db.session, facts, pep)
    if not responses:
        return None
    audit.record(db.session, actor, "paper.printed", subject_id=young.id, thing_id=pep.id)
    return paper.lay_out(responses, paper.facts_of(facts), young.language, _address)


def _address(response_id: uuid.UUID) -> str:
    return settings().public_url.rstrip("/") + url_for("voice.type_paper", response_id=response_id)


def _pep(pep_id: uuid.UUID) -> Pep:
    pep = db.session.get(Pep, pep_id, options=[joinedload(Pep.young_person)])
    if pep is None:
        raise NotFound
    theirs(db.session, current_actor(), pep.young_person_id, clock.today(), CARD_ISSUERS)
    return pep


def _facts(young: Person) -> YoungPerson:
    if young.young is None:
        raise NotFound
    return young.young


def _size() -> str:
    return "large" if request.values.get("size") == "large" else ""
