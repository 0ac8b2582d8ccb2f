"""The one policy: who may see and do what. Closed by default.

``RULES`` names every route of the product. A route that is not here is not served, and a test fails. What a person may do with
*one* young person is decided by the functions below it, from the connections that live today; another child's page is a 404, so
that nobody learns that it exists.

Sources: handbook README section 2 ('must not'), safeguarding-and-privacy sections 1.8, 7 and 12.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.people.models import ADULT_ROLES, WORKER_ROLES, Connection, Role
from app.people.sessions import Actor

CHILD = frozenset({Role.young_person})
AT_HOME = frozenset({Role.carer, Role.key_worker})
ANSWERERS = CHILD | AT_HOME
SIGNED_IN = frozenset(Role)
ADULTS = ADULT_ROLES
WORKERS = WORKER_ROLES
# Who helps a young person with a card, a link or by sitting beside them. An IRO reads; a participation worker works with wording.
CARD_ISSUERS = frozenset(
    {Role.designated_teacher, Role.social_worker, Role.key_worker, Role.personal_adviser, Role.virtual_school}
)
INVITERS = frozenset({Role.designated_teacher, Role.social_worker, Role.virtual_school})
HELPERS = CARD_ISSUERS | {Role.carer}
RECORD_READERS = ADULT_ROLES - {Role.participation_worker}
VIRTUAL_SCHOOL = frozenset({Role.virtual_school})
# Who may run a PEP meeting: the designated teacher sets the date and invites (handbook 4.2), these stand in for them.
ORGANISERS = frozenset({Role.designated_teacher, Role.social_worker, Role.personal_adviser, Role.virtual_school})
# Who changes the pathways, entitlements and opportunities that everybody reads (handbook, pathways 1.8).
CONTENT_EDITORS = VIRTUAL_SCHOOL
# Who books a drop-in for a young person (handbook, dropins 4.5).
BOOKING_HELPERS = frozenset(
    {Role.personal_adviser, Role.social_worker, Role.carer, Role.designated_teacher, Role.virtual_school}
)
WORDING_EDITORS = frozenset({Role.virtual_school, Role.participation_worker})
# Who hears of a young person's interest in an opportunity when they wish so, and may put one on their list.
OPPORTUNITY_TELLERS = ORGANISERS


class Csrf(StrEnum):
    """What happens to a form whose token is wrong or old."""

    check = "check"
    keeps_words = "keeps-words"
    machine = "machine"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a route. ``who`` None means anyone, signed out too; ``audit`` is the event the view writes, or why none."""

    who: frozenset[Role] | None
    audit: str
    csrf: Csrf = Csrf.check
    # A locked session (the adult's own, after 'beside me') may only reach the routes that unlock or leave.
    while_locked: bool = False
    # Beside a young person the adult's device reaches the young person's answering, help and the ways out.
    # Closed unless said: an adult can open it also when the young person is not there (docs/decisions/beside-an-adult.md).
    while_beside: bool = False
    # Asked for by an open page again and again, not by a person: it does not keep a session from running out.
    by_itself: bool = False
    # Roles that need no connection to the young person, because the handbook says so. Few, and each named here.
    anybodys: frozenset[Role] = frozenset()


NO_RECORD = "none: holds nothing about a young person"
OWN = "none: the person's own page"

RULES: dict[str, Rule] = {
    # open to anyone
    "static": Rule(None, NO_RECORD, while_locked=True, while_beside=True),
    "core.healthz": Rule(None, NO_RECORD, while_locked=True, while_beside=True),
    "core.readyz": Rule(None, NO_RECORD, while_locked=True, while_beside=True),
    "home.welcome": Rule(None, NO_RECORD, while_locked=True, while_beside=True),
    "safeguarding.help_now": Rule(None, NO_RECORD, while_locked=True, while_beside=True),
    "safeguarding.leave": Rule(None, "sign-in.ended", while_locked=True, while_beside=True),
    "home.privacy": Rule(None, NO_RECORD, while_locked=True, while_beside=True),
    "home.accessibility": Rule(None, NO_RECORD, while_locked=True, while_beside=True),
    # ways in
    "people.go": Rule(None, "sign-in.began", while_locked=True, while_beside=False),
    "people.sign_in": Rule(None, "sign-in.began", while_locked=True, while_beside=False),
    "people.sign_in_code": Rule(None, "sign-in.began", while_locked=True, while_beside=False),
    "people.oidc_start": Rule(None, NO_RECORD, while_locked=True, while_beside=False),
    "people.oidc_back": Rule(None, "sign-in.began", while_locked=True, while_beside=False),
    "people.sign_out": Rule(SIGNED_IN, "sign-in.ended", while_locked=True, while_beside=True),
    "people.unlock": Rule(ADULTS, "sign-in.unlocked", while_locked=True),
    # a person's own pages
    "home.home": Rule(SIGNED_IN, OWN, while_beside=True),
    "home.mine": Rule(SIGNED_IN, OWN, while_beside=False),
    "home.sign_out_everywhere": Rule(SIGNED_IN, "sign-in.ended-everywhere", while_beside=False),
    "home.my_look": Rule(SIGNED_IN, OWN),
    "home.my_pep": Rule(CHILD, "record.read", while_beside=False),
    "home.keepsake": Rule(CHILD, "record.exported", while_beside=False),
    "home.carer_sees": Rule(CHILD, "young-person.changed", while_beside=False),
    # a young person's voice
    "voice.asked": Rule(CHILD, OWN, while_beside=True),
    "voice.start": Rule(CHILD, "response.started", while_beside=True),
    "voice.before": Rule(ANSWERERS, OWN, while_beside=True),
    "voice.question": Rule(ANSWERERS, "answer.saved", csrf=Csrf.keeps_words, while_beside=True),
    "voice.check": Rule(ANSWERERS, OWN, while_beside=True),
    "voice.share": Rule(ANSWERERS, "answer.sharing-changed", while_beside=True),
    "voice.seen_by": Rule(CHILD, OWN, while_beside=True),
    "voice.send": Rule(ANSWERERS, "response.sent", while_beside=True),
    "voice.sent": Rule(ANSWERERS, OWN, while_beside=True),
    "people.more_time": Rule(SIGNED_IN, "none: says only that somebody is there", while_beside=True),
    # beside me
    "people.beside_start": Rule(HELPERS, "beside.began"),
    "people.beside_end": Rule(CHILD, "beside.ended", while_beside=True),
    # workers: people and their ways in
    "people.young_people": Rule(RECORD_READERS, NO_RECORD, while_beside=False),
    "people.young_person": Rule(RECORD_READERS, "young-person.read", while_beside=False),
    "people.issue_card": Rule(CARD_ISSUERS, "card.issued", while_beside=False),
    "people.revoke_card": Rule(CARD_ISSUERS, "card.revoked", while_beside=False),
    "people.send_link": Rule(CARD_ISSUERS, "link.made", while_beside=False),
    "people.not_me_who_came_in": Rule(CHILD, "way-in.not-mine"),
    "people.change_template": Rule(
        frozenset({Role.designated_teacher, Role.virtual_school}), "young-person.changed", while_beside=False
    ),
    # the record
    "pep.record": Rule(RECORD_READERS, "record.read", while_beside=False),
    "pep.print_view": Rule(RECORD_READERS, "record.printed", while_beside=False),
    "pep.pdf": Rule(RECORD_READERS, "record.printed", while_beside=False),
    # meetings
    "pep.meeting": Rule(ORGANISERS, "meeting.read", while_beside=False),
    "pep.keep_wish": Rule(ORGANISERS, "meeting.wish-met", while_beside=False),
    "pep.keep_attendance": Rule(ORGANISERS, "meeting.attendance", while_beside=False),
    "pep.meeting_day": Rule(ORGANISERS, "meeting.moved", while_beside=False),
    "pep.call_off": Rule(ORGANISERS, "meeting.called-off", while_beside=False),
    "pep.cards": Rule(ORGANISERS, "meeting.cards-shown", while_beside=False),
    "pep.signals": Rule(
        ORGANISERS, "none: asked every second; a signal holds no words", while_beside=False, by_itself=True
    ),
    "pep.signals_seen": Rule(ORGANISERS, "none: a signal holds no words", while_beside=False),
    "pep.decisions": Rule(ORGANISERS, "meeting.read", while_beside=False),
    "pep.decide": Rule(ORGANISERS, "meeting.decided", while_beside=False),
    "pep.keep_line": Rule(ORGANISERS, "meeting.answered", while_beside=False),
    "pep.close": Rule(ORGANISERS, "meeting.closed", while_beside=False),
    "pep.my_meeting": Rule(CHILD, OWN),
    "pep.my_cards": Rule(CHILD, OWN),
    # The card works on when the session has run out: what it posts names the meeting in a sealed, short-lived token.
    "pep.signal": Rule(None, "meeting.signalled"),
    "pep.on_a_page": Rule(CHILD, OWN),
    # workers: the rest
    "safeguarding.contacts": Rule(WORKERS, NO_RECORD, while_beside=False),
    "safeguarding.edit_contact": Rule(VIRTUAL_SCHOOL, "help-contact.changed", while_beside=False),
    "messages.outbox": Rule(VIRTUAL_SCHOOL, NO_RECORD, while_beside=False),
    "messages.try_again": Rule(VIRTUAL_SCHOOL, "message.retried", while_beside=False),
    "messages.screen": Rule(None, NO_RECORD),
    "home.design": Rule(WORKERS, NO_RECORD, while_beside=False),
    "home.language_quality": Rule(WORKERS, NO_RECORD, while_beside=False),
    # wishes
    "wishes.new": Rule(CHILD, "wish.raised", while_beside=True),
    "wishes.my_wish": Rule(CHILD, OWN, while_beside=False),
    "wishes.say_verdict": Rule(CHILD, "wish.verdict", while_beside=False),
    "wishes.take_back": Rule(CHILD, "wish.withdrawn", while_beside=False),
    "wishes.ask_why": Rule(CHILD, "why.asked", while_beside=False),
    "wishes.answer_why": Rule(RECORD_READERS, "why.answered", while_beside=False),
    "wishes.listed": Rule(RECORD_READERS, "wish.seen", while_beside=False),
    "wishes.wish": Rule(RECORD_READERS, "wish.read", while_beside=False),
    "wishes.own": Rule(RECORD_READERS, "wish.owned", while_beside=False),
    "wishes.step": Rule(RECORD_READERS, "wish.step-taken", while_beside=False),
    "wishes.reply": Rule(RECORD_READERS, "wish.answered", while_beside=False),
    "wishes.translate": Rule(RECORD_READERS, "wish.translated", while_beside=False),
    "wishes.check_words": Rule(ADULTS, NO_RECORD, while_beside=False),
    "wishes.plain_words": Rule(WORDING_EDITORS, "plain-word.changed", while_beside=False),
    "voice.make_wish": Rule(CHILD, "wish.raised"),
    "pep.lift_wish": Rule(RECORD_READERS - {Role.carer, Role.key_worker}, "wish.lifted", while_beside=False),
    # paper and lists
    "voice.paper": Rule(CARD_ISSUERS, "young-person.read", while_beside=False),
    "voice.paper_print": Rule(CARD_ISSUERS, "paper.printed", while_beside=False),
    "voice.paper_pdf": Rule(CARD_ISSUERS, "paper.printed", while_beside=False),
    "voice.type_paper": Rule(CARD_ISSUERS, "paper.typed", while_beside=False),
    "voice.paper_photo": Rule(CARD_ISSUERS, "paper.photo-read", while_beside=False),
    "voice.remove_paper_photos": Rule(CHILD, "paper.photo-removed", while_beside=False),
    "home.nobody_silent": Rule(VIRTUAL_SCHOOL, "young-person.listed", while_beside=False),
    "home.meetings": Rule(VIRTUAL_SCHOOL, "young-person.listed", while_beside=False),
    "home.note_interpreter": Rule(VIRTUAL_SCHOOL, "young-person.changed", while_beside=False),
    "home.ask_carer": Rule(VIRTUAL_SCHOOL, "carer.asked", while_beside=False),
    "pep.ready_text": Rule(RECORD_READERS, "record.read", while_beside=False),
    "pep.ready_text_file": Rule(RECORD_READERS, "record.exported", while_beside=False),
    # carers
    "people.carer_sign_in": Rule(None, "link.made", while_locked=True, while_beside=False),
    "people.carer_code": Rule(None, "sign-in.began", while_locked=True, while_beside=False),
    "people.invite_adult": Rule(INVITERS, "carer.invited", while_beside=False),
    "home.carer": Rule(AT_HOME, OWN, while_beside=False),
    "home.guide": Rule(None, NO_RECORD),
    "home.meeting_file": Rule(AT_HOME, "none: the day of a meeting, without a name", while_beside=False),
    "home.carer_network": Rule(VIRTUAL_SCHOOL, "network-date.added", while_beside=False),
    "home.remove_network_date": Rule(VIRTUAL_SCHOOL, "network-date.removed", while_beside=False),
    "home.ask_advice": Rule(None, "advice.asked"),
    "home.advice_asked": Rule(None, NO_RECORD),
    "home.education_summary": Rule(None, NO_RECORD),
    "home.advice_queue": Rule(VIRTUAL_SCHOOL, NO_RECORD, while_beside=False),
    "home.advice_answered": Rule(VIRTUAL_SCHOOL, "advice.answered", while_beside=False),
    "voice.start_about": Rule(AT_HOME, "response.started", while_beside=False),
    # drop-ins: finding and setting up
    "dropins.listed": Rule(None, NO_RECORD, while_locked=True),
    "dropins.calendar_page": Rule(None, NO_RECORD, while_locked=True),
    "dropins.one": Rule(None, NO_RECORD, while_locked=True),
    "dropins.one_file": Rule(None, NO_RECORD, while_locked=True),
    "dropins.whole_file": Rule(None, NO_RECORD, while_locked=True),
    "dropins.staff_feed": Rule(None, "none: a worker's own calendar, with numbers and no names", while_locked=True),
    "dropins_setup.listed": Rule(WORKERS, NO_RECORD, while_beside=False),
    "dropins_setup.one": Rule(WORKERS, NO_RECORD, while_beside=False),
    "dropins_setup.poster": Rule(WORKERS, NO_RECORD, while_beside=False),
    "dropins_setup.poster_of_all": Rule(WORKERS, NO_RECORD, while_beside=False),
    "dropins_setup.my_calendar": Rule(WORKERS, "staff-calendar.made", while_beside=False),
    "dropins_setup.new": Rule(VIRTUAL_SCHOOL, "dropin.made", while_beside=False),
    "dropins_setup.edit": Rule(VIRTUAL_SCHOOL, "dropin.changed", while_beside=False),
    "dropins_setup.publish": Rule(VIRTUAL_SCHOOL, "dropin.published", while_beside=False),
    "dropins_setup.delete": Rule(VIRTUAL_SCHOOL, "dropin.deleted", while_beside=False),
    "dropins_setup.cancel": Rule(VIRTUAL_SCHOOL, "dropin.cancelled", while_beside=False),
    "dropins_setup.change_places": Rule(VIRTUAL_SCHOOL, "dropin.places-changed", while_beside=False),
    "dropins_setup.series_one": Rule(VIRTUAL_SCHOOL, NO_RECORD, while_beside=False),
    "dropins_setup.publish_series": Rule(VIRTUAL_SCHOOL, "dropin.published", while_beside=False),
    "dropins_setup.copy": Rule(VIRTUAL_SCHOOL, "dropin-series.made", while_beside=False),
    "dropins_setup.venues": Rule(VIRTUAL_SCHOOL, NO_RECORD, while_beside=False),
    "dropins_setup.new_venue": Rule(VIRTUAL_SCHOOL, "venue.changed", while_beside=False),
    "dropins_setup.edit_venue": Rule(VIRTUAL_SCHOOL, "venue.changed", while_beside=False),
    # machines
    "feeds.token": Rule(None, "api.token", csrf=Csrf.machine, while_locked=True),
    "feeds.pep_records": Rule(None, "feed.read", csrf=Csrf.machine, while_locked=True),
    "feeds.pep": Rule(None, "feed.read", csrf=Csrf.machine, while_locked=True),
    "feeds.openapi": Rule(None, NO_RECORD, csrf=Csrf.machine, while_locked=True),
    # what is possible: the open map
    "pathways.start": Rule(None, NO_RECORD, while_locked=True),
    "pathways.step": Rule(None, NO_RECORD, while_locked=True),
    "pathways.compare": Rule(None, NO_RECORD, while_locked=True),
    # what can I get: open to all; what is answered is never kept
    "entitlements.what_can_i_get": Rule(None, NO_RECORD, while_locked=True),
    "entitlements.letter": Rule(None, NO_RECORD, while_locked=True),
    "entitlements.letter_pdf": Rule(None, NO_RECORD, while_locked=True),
    # opportunities and HE events
    "opportunities.listed": Rule(None, NO_RECORD, while_locked=True),
    # Open, and for a signed-in adult it shows the seats of those they look after.
    "opportunities.one": Rule(None, "event.read", while_locked=True),
    "opportunities.poster": Rule(None, NO_RECORD, while_locked=True),
    "opportunities.offer": Rule(None, "posting.sent", while_locked=True),
    "opportunities.offered": Rule(None, NO_RECORD, while_locked=True),
    "opportunities.mine": Rule(CHILD, OWN, while_beside=False),
    "opportunities.topics": Rule(CHILD, OWN, while_beside=False),
    "opportunities.interest": Rule(CHILD, "opportunity.interest", while_beside=False),
    "opportunities.show_to": Rule(OPPORTUNITY_TELLERS, "opportunity.shown", while_beside=False),
    "opportunities.sign_up": Rule(ANSWERERS, "event.signed-up"),
    "opportunities.seat": Rule(ANSWERERS | {Role.social_worker}, "event.cancelled"),
    "opportunities.thought": Rule(CHILD, OWN, while_beside=False),
    "opportunities.who_comes": Rule(VIRTUAL_SCHOOL, "event.read", while_beside=False),
    "opportunities.attendance": Rule(VIRTUAL_SCHOOL, "event.attendance", while_beside=False),
    "opportunities.staff": Rule(OPPORTUNITY_TELLERS, NO_RECORD, while_beside=False),
    "opportunities.told": Rule(OPPORTUNITY_TELLERS, "opportunity.interest-read", while_beside=False),
    "opportunities.moved": Rule(OPPORTUNITY_TELLERS, "opportunity.moved", while_beside=False),
    "opportunities.queue": Rule(VIRTUAL_SCHOOL, NO_RECORD, while_beside=False),
    "opportunities.decide": Rule(VIRTUAL_SCHOOL, "posting.approved", while_beside=False),
    # my route: not while an adult sits beside them, on the adult's screen
    "my_route.mine": Rule(CHILD, OWN, while_beside=False),
    "my_route.feel": Rule(CHILD, "route.changed", while_beside=False),
    "my_route.dream": Rule(CHILD, "dream.kept", while_beside=False),
    "my_route.take_dream_away": Rule(CHILD, "dream.taken-away", while_beside=False),
    "my_route.share": Rule(CHILD, "route.shared", while_beside=False),
    "my_route.take_back": Rule(CHILD, "route.taken-back", while_beside=False),
    "my_route.wish": Rule(CHILD, "wish.raised", while_beside=False),
    # editing what the public reads
    "editing.listed": Rule(CONTENT_EDITORS, NO_RECORD, while_beside=False),
    "editing.stale": Rule(CONTENT_EDITORS, NO_RECORD, while_beside=False),
    "editing.links": Rule(CONTENT_EDITORS, NO_RECORD, while_beside=False),
    "editing.new": Rule(CONTENT_EDITORS, "content.saved", while_beside=False),
    "editing.edit": Rule(CONTENT_EDITORS, "content.saved", while_beside=False),
    "editing.preview": Rule(CONTENT_EDITORS, NO_RECORD, while_beside=False),
    "editing.history": Rule(CONTENT_EDITORS, NO_RECORD, while_beside=False),
    "editing.restore": Rule(CONTENT_EDITORS, "content.saved", while_beside=False),
    "editing.withdraw": Rule(CONTENT_EDITORS, "content.withdrawn", while_beside=False),
    "editing.translate": Rule(CONTENT_EDITORS, "content.translated", while_beside=False),
    "editing.export": Rule(CONTENT_EDITORS, NO_RECORD, while_beside=False),
    # drop-ins: running a session, visits, and what came of them. The EET team is the Virtual School.
    "running.today": Rule(VIRTUAL_SCHOOL, "young-person.listed", while_beside=False),
    "running.here": Rule(VIRTUAL_SCHOOL, "booking.moved", while_beside=False),
    "running.late": Rule(VIRTUAL_SCHOOL, "booking.moved", while_beside=False),
    "running.missed": Rule(VIRTUAL_SCHOOL, "booking.moved", while_beside=False),
    "running.undo": Rule(VIRTUAL_SCHOOL, "booking.moved", while_beside=False),
    "running.begin": Rule(VIRTUAL_SCHOOL, "visit.began", while_beside=False),
    "running.left": Rule(VIRTUAL_SCHOOL, "drop-in.left", while_beside=False),
    "running.name_on_screen": Rule(VIRTUAL_SCHOOL, "drop-in.name-agreed", while_beside=False),
    "running.undo_visit": Rule(VIRTUAL_SCHOOL, "visit.undone", while_beside=False),
    "running.arrive": Rule(VIRTUAL_SCHOOL, "booking.read", while_beside=False),
    "running.walk_in": Rule(VIRTUAL_SCHOOL, "visit.began", while_beside=False),
    "running.happened": Rule(VIRTUAL_SCHOOL, NO_RECORD, while_beside=False),
    "running.who": Rule(VIRTUAL_SCHOOL, "new-face.recognised", while_beside=False),
    "running.screen": Rule(VIRTUAL_SCHOOL, NO_RECORD, while_beside=False),
    "visits.visit": Rule(VIRTUAL_SCHOOL, "visit.recorded", while_beside=False),
    "visits.team": Rule(VIRTUAL_SCHOOL, "visit.staff-note", while_beside=False),
    "visits.ladder_of": Rule(
        frozenset({Role.virtual_school, Role.personal_adviser, Role.social_worker}), "visit.read", while_beside=False
    ),
    "visits.tick_for": Rule(VIRTUAL_SCHOOL, "next-step.ticked", while_beside=False),
    "visits.due": Rule(VIRTUAL_SCHOOL, "young-person.listed", while_beside=False),
    "visits.look": Rule(VIRTUAL_SCHOOL, "outcome.told", while_beside=False),
    "visits.told_stories": Rule(VIRTUAL_SCHOOL, "story.read", while_beside=False),
    "my_steps.listed": Rule(CHILD, OWN, while_beside=False),
    "my_steps.tick": Rule(CHILD, "next-step.ticked", while_beside=False),
    "my_steps.share": Rule(CHILD, "next-step.shared", while_beside=False),
    "my_steps.how": Rule(CHILD, "outcome.told", while_beside=False),
    "my_steps.changed": Rule(CHILD, OWN, while_beside=False),
    "my_steps.say": Rule(CHILD, "visit.said", while_beside=False),
    "my_steps.tell_story": Rule(CHILD, "story.told", while_beside=False),
    "my_steps.take_story_back": Rule(CHILD, "story.taken-back", while_beside=False),
    # drop-ins: evidence
    "insight.drop_ins": Rule(VIRTUAL_SCHOOL, "evidence.read", while_beside=False),
    "insight.drop_ins_file": Rule(VIRTUAL_SCHOOL, "evidence.exported", while_beside=False),
    # heard and answered
    "wishes.one_list": Rule(RECORD_READERS, "wish.seen", while_beside=False),
    "wishes.step_done": Rule(RECORD_READERS, "wish.step-done", while_beside=False),
    "wishes.translate_step": Rule(RECORD_READERS, "wish.translated", while_beside=False),
    "pep.keep_coming": Rule(ORGANISERS, "meeting.asked", while_beside=False),
    "pep.add_guest": Rule(ORGANISERS, "meeting.guest-added", while_beside=False),
    "pep.remove_guest": Rule(ORGANISERS, "meeting.guest-removed", while_beside=False),
    "pep.reopen": Rule(ORGANISERS, "meeting.reopened", while_beside=False),
    "home.my_mobile": Rule(ADULTS, "person.mobile-changed", while_beside=False),
    "evidence_heard.heard": Rule(VIRTUAL_SCHOOL, "evidence.read", while_beside=False),
    "wishes.say_happened": Rule(CHILD, "wish.happened", while_beside=False),
    # drop-ins: booking
    "booking.book_a_time": Rule(None, "booking.booked", while_beside=False),
    "booking.my_bookings": Rule(CHILD, OWN, while_beside=False),
    "booking.my_booking": Rule(CHILD, OWN, while_beside=False),
    "booking.card": Rule(CHILD, OWN, while_beside=False),
    "booking.calendar": Rule(CHILD, OWN, while_beside=False),
    "booking.cancel_mine": Rule(CHILD, "booking.cancelled", while_beside=False),
    "booking.undo": Rule(CHILD, "booking.booked", while_beside=False),
    "booking.change": Rule(CHILD, "booking.changed", while_beside=False),
    "booking.take": Rule(CHILD, "booking.booked", while_beside=False),
    "booking.still_coming": Rule(CHILD, "booking.confirmed", while_beside=False),
    "booking_new.book_as_new": Rule(None, "booking.booked", while_beside=False),
    # A link shows a time and nothing about whose it is; what it does is written down.
    "booking_link.look": Rule(None, "none: a time, without a name or a place", while_locked=True, while_beside=False),
    "booking_link.other": Rule(None, "booking.changed", while_locked=True, while_beside=False),
    "booking_link.do": Rule(None, "booking.cancelled", while_locked=True, while_beside=False),
    "booking_for.book_for": Rule(BOOKING_HELPERS, "booking.booked", while_beside=False, anybodys=VIRTUAL_SCHOOL),
    "booking_for.cancel_for": Rule(BOOKING_HELPERS, "booking.cancelled", while_beside=False, anybodys=VIRTUAL_SCHOOL),
    "booking_for.card_for": Rule(BOOKING_HELPERS, "booking.printed", while_beside=False, anybodys=VIRTUAL_SCHOOL),
    "booking_staff.new_faces_list": Rule(VIRTUAL_SCHOOL, "new-face.listed", while_beside=False),
    "booking_staff.check_new_face": Rule(VIRTUAL_SCHOOL, "new-face.checked", while_beside=False),
    "booking_staff.places_of": Rule(VIRTUAL_SCHOOL, "booking.listed", while_beside=False),
    "booking_staff.calls": Rule(VIRTUAL_SCHOOL, "booking.listed", while_beside=False),
}


def rule_for(endpoint: str | None) -> Rule | None:
    """Return the rule of an endpoint, or None: then it is not served."""
    return RULES.get(endpoint) if endpoint else None


def living_roles(session: Session, adult_id: uuid.UUID, young_person_id: uuid.UUID, on: date) -> frozenset[Role]:
    """Return in which roles an adult is connected to a young person on a day. Empty means: no access.

    A connection ends *on* its last date: that day there is no access any more (safeguarding, section 7).
    """
    rows = session.scalars(
        select(Connection.role).where(
            Connection.adult_id == adult_id,
            Connection.young_person_id == young_person_id,
            Connection.starts_on <= on,
            (Connection.ends_on.is_(None)) | (Connection.ends_on > on),
        )
    )
    return frozenset(Role(role) for role in rows)


def require_connection(
    session: Session, actor: Actor, young_person_id: uuid.UUID, on: date, roles: Collection[Role] = RECORD_READERS
) -> frozenset[Role]:
    """Return the adult's living roles towards a young person. Raises NotFound when none of them is among ``roles``."""
    found = living_roles(session, actor.person_id, young_person_id, on) & frozenset(roles)
    if not found:
        raise NotFound
    return found
