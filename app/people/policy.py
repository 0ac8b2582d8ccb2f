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
    "people.go": Rule(None, "sign-in.began", while_locked=True),
    "people.sign_in": Rule(None, "sign-in.began", while_locked=True),
    "people.sign_in_code": Rule(None, "sign-in.began", while_locked=True),
    "people.oidc_start": Rule(None, NO_RECORD, while_locked=True),
    "people.oidc_back": Rule(None, "sign-in.began", while_locked=True),
    "people.sign_out": Rule(SIGNED_IN, "sign-in.ended", while_locked=True, while_beside=True),
    "people.unlock": Rule(ADULTS, "sign-in.unlocked", while_locked=True),
    # a person's own pages
    "home.home": Rule(SIGNED_IN, OWN, while_beside=True),
    "home.mine": Rule(SIGNED_IN, OWN),
    "home.sign_out_everywhere": Rule(SIGNED_IN, "sign-in.ended-everywhere"),
    "home.my_look": Rule(SIGNED_IN, OWN),
    "home.my_pep": Rule(CHILD, "record.read"),
    "home.keepsake": Rule(CHILD, "record.exported"),
    "home.carer_sees": Rule(CHILD, "young-person.changed"),
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
    "people.young_people": Rule(RECORD_READERS, NO_RECORD),
    "people.young_person": Rule(RECORD_READERS, "young-person.read"),
    "people.issue_card": Rule(CARD_ISSUERS, "card.issued"),
    "people.revoke_card": Rule(CARD_ISSUERS, "card.revoked"),
    "people.send_link": Rule(CARD_ISSUERS, "link.made"),
    "people.not_me_who_came_in": Rule(CHILD, "way-in.not-mine"),
    "people.change_template": Rule(frozenset({Role.designated_teacher, Role.virtual_school}), "young-person.changed"),
    # the record
    "pep.record": Rule(RECORD_READERS, "record.read"),
    "pep.print_view": Rule(RECORD_READERS, "record.printed"),
    "pep.pdf": Rule(RECORD_READERS, "record.printed"),
    # meetings
    "pep.meeting": Rule(ORGANISERS, "meeting.read"),
    "pep.keep_wish": Rule(ORGANISERS, "meeting.wish-met"),
    "pep.keep_attendance": Rule(ORGANISERS, "meeting.attendance"),
    "pep.meeting_day": Rule(ORGANISERS, "meeting.moved"),
    "pep.call_off": Rule(ORGANISERS, "meeting.called-off"),
    "pep.cards": Rule(ORGANISERS, "meeting.cards-shown"),
    "pep.signals": Rule(ORGANISERS, "none: asked every second; a signal holds no words", by_itself=True),
    "pep.signals_seen": Rule(ORGANISERS, "none: a signal holds no words"),
    "pep.decisions": Rule(ORGANISERS, "record.read"),
    "pep.decide": Rule(ORGANISERS, "meeting.decided"),
    "pep.keep_line": Rule(ORGANISERS, "meeting.answered"),
    "pep.close": Rule(ORGANISERS, "meeting.closed"),
    "pep.my_meeting": Rule(CHILD, OWN),
    "pep.my_cards": Rule(CHILD, OWN),
    # The card works on when the session has run out: what it posts names the meeting in a sealed, short-lived token.
    "pep.signal": Rule(None, "meeting.signalled"),
    "pep.on_a_page": Rule(CHILD, OWN),
    # workers: the rest
    "safeguarding.contacts": Rule(WORKERS, NO_RECORD),
    "safeguarding.edit_contact": Rule(VIRTUAL_SCHOOL, "help-contact.changed"),
    "messages.outbox": Rule(VIRTUAL_SCHOOL, NO_RECORD),
    "messages.try_again": Rule(VIRTUAL_SCHOOL, "message.retried"),
    "messages.screen": Rule(None, NO_RECORD),
    "home.design": Rule(WORKERS, NO_RECORD),
    "home.language_quality": Rule(WORKERS, NO_RECORD),
    # wishes
    "wishes.new": Rule(CHILD, "wish.raised", while_beside=True),
    "wishes.my_wish": Rule(CHILD, OWN),
    "wishes.say_verdict": Rule(CHILD, "wish.verdict"),
    "wishes.take_back": Rule(CHILD, "wish.withdrawn"),
    "wishes.ask_why": Rule(CHILD, "why.asked"),
    "wishes.answer_why": Rule(RECORD_READERS, "why.answered"),
    "wishes.listed": Rule(RECORD_READERS, "wish.read"),
    "wishes.wish": Rule(RECORD_READERS, "wish.read"),
    "wishes.own": Rule(RECORD_READERS, "wish.owned"),
    "wishes.step": Rule(RECORD_READERS, "wish.step-taken"),
    "wishes.reply": Rule(RECORD_READERS, "wish.answered"),
    "wishes.translate": Rule(RECORD_READERS, "wish.translated"),
    "wishes.check_words": Rule(ADULTS, NO_RECORD),
    "wishes.plain_words": Rule(WORDING_EDITORS, "plain-word.changed"),
    "voice.make_wish": Rule(CHILD, "wish.raised"),
    "pep.lift_wish": Rule(RECORD_READERS - {Role.carer, Role.key_worker}, "wish.lifted"),
    # paper and lists
    "voice.paper": Rule(CARD_ISSUERS, "young-person.read"),
    "voice.paper_print": Rule(CARD_ISSUERS, "paper.printed"),
    "voice.paper_pdf": Rule(CARD_ISSUERS, "paper.printed"),
    "voice.type_paper": Rule(CARD_ISSUERS, "paper.typed"),
    "voice.paper_photo": Rule(CARD_ISSUERS, "paper.photo-read"),
    "voice.my_paper_photo": Rule(CHILD, OWN),
    "voice.remove_paper_photos": Rule(CHILD, "paper.photo-removed"),
    "home.nobody_silent": Rule(VIRTUAL_SCHOOL, "young-person.listed"),
    "home.meetings": Rule(VIRTUAL_SCHOOL, "young-person.listed"),
    "home.note_interpreter": Rule(VIRTUAL_SCHOOL, "young-person.changed"),
    "home.note_device": Rule(VIRTUAL_SCHOOL, "young-person.changed"),
    "home.ask_carer": Rule(VIRTUAL_SCHOOL, "carer.asked"),
    "pep.ready_text": Rule(RECORD_READERS, "record.read"),
    "pep.ready_text_file": Rule(RECORD_READERS, "record.exported"),
    # carers
    "people.carer_sign_in": Rule(None, "link.made", while_locked=True),
    "people.carer_code": Rule(None, "sign-in.began", while_locked=True),
    "people.invite_adult": Rule(INVITERS, "carer.invited"),
    "home.carer": Rule(AT_HOME, OWN),
    "home.guide": Rule(None, NO_RECORD),
    "home.meeting_file": Rule(AT_HOME, "none: the day of a meeting, without a name"),
    "home.carer_network": Rule(VIRTUAL_SCHOOL, "network-date.added"),
    "home.remove_network_date": Rule(VIRTUAL_SCHOOL, "network-date.removed"),
    "home.ask_advice": Rule(None, "advice.asked"),
    "home.advice_asked": Rule(None, NO_RECORD),
    "home.education_summary": Rule(None, NO_RECORD),
    "home.advice_queue": Rule(VIRTUAL_SCHOOL, NO_RECORD),
    "home.advice_answered": Rule(VIRTUAL_SCHOOL, "advice.answered"),
    "voice.start_about": Rule(AT_HOME, "response.started"),
    # drop-ins: finding and setting up
    "dropins.listed": Rule(None, NO_RECORD, while_locked=True),
    "dropins.calendar_page": Rule(None, NO_RECORD, while_locked=True),
    "dropins.one": Rule(None, NO_RECORD, while_locked=True),
    "dropins.one_file": Rule(None, NO_RECORD, while_locked=True),
    "dropins.whole_file": Rule(None, NO_RECORD, while_locked=True),
    "dropins.staff_feed": Rule(None, "none: a worker's own calendar, with numbers and no names", while_locked=True),
    "dropins_setup.listed": Rule(WORKERS, NO_RECORD),
    "dropins_setup.one": Rule(WORKERS, NO_RECORD),
    "dropins_setup.poster": Rule(WORKERS, NO_RECORD),
    "dropins_setup.poster_of_all": Rule(WORKERS, NO_RECORD),
    "dropins_setup.my_calendar": Rule(WORKERS, "staff-calendar.made"),
    "dropins_setup.new": Rule(VIRTUAL_SCHOOL, "dropin.made"),
    "dropins_setup.edit": Rule(VIRTUAL_SCHOOL, "dropin.changed"),
    "dropins_setup.publish": Rule(VIRTUAL_SCHOOL, "dropin.published"),
    "dropins_setup.delete": Rule(VIRTUAL_SCHOOL, "dropin.deleted"),
    "dropins_setup.cancel": Rule(VIRTUAL_SCHOOL, "dropin.cancelled"),
    "dropins_setup.change_places": Rule(VIRTUAL_SCHOOL, "dropin.places-changed"),
    "dropins_setup.series_one": Rule(VIRTUAL_SCHOOL, NO_RECORD),
    "dropins_setup.publish_series": Rule(VIRTUAL_SCHOOL, "dropin.published"),
    "dropins_setup.copy": Rule(VIRTUAL_SCHOOL, "dropin-series.made"),
    "dropins_setup.venues": Rule(VIRTUAL_SCHOOL, NO_RECORD),
    "dropins_setup.new_venue": Rule(VIRTUAL_SCHOOL, "venue.changed"),
    "dropins_setup.edit_venue": Rule(VIRTUAL_SCHOOL, "venue.changed"),
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
    "opportunities.mine": Rule(CHILD, OWN),
    "opportunities.topics": Rule(CHILD, OWN),
    "opportunities.interest": Rule(CHILD, "opportunity.interest"),
    "opportunities.show_to": Rule(OPPORTUNITY_TELLERS, "opportunity.shown"),
    "opportunities.sign_up": Rule(ANSWERERS, "event.signed-up"),
    "opportunities.seat": Rule(ANSWERERS | {Role.social_worker}, "event.cancelled"),
    "opportunities.thought": Rule(CHILD, OWN),
    "opportunities.who_comes": Rule(VIRTUAL_SCHOOL, "event.read"),
    "opportunities.attendance": Rule(VIRTUAL_SCHOOL, "event.attendance"),
    "opportunities.staff": Rule(OPPORTUNITY_TELLERS, NO_RECORD),
    "opportunities.told": Rule(OPPORTUNITY_TELLERS, "opportunity.interest-read"),
    "opportunities.moved": Rule(OPPORTUNITY_TELLERS, "opportunity.moved"),
    "opportunities.queue": Rule(VIRTUAL_SCHOOL, NO_RECORD),
    "opportunities.decide": Rule(VIRTUAL_SCHOOL, "posting.approved"),
    # my route: not while an adult sits beside them, on the adult's screen
    "my_route.mine": Rule(CHILD, OWN),
    "my_route.feel": Rule(CHILD, "route.changed"),
    "my_route.dream": Rule(CHILD, "dream.kept"),
    "my_route.take_dream_away": Rule(CHILD, "dream.taken-away"),
    "my_route.share": Rule(CHILD, "route.shared"),
    "my_route.take_back": Rule(CHILD, "route.taken-back"),
    "my_route.wish": Rule(CHILD, "wish.raised"),
    # editing what the public reads
    "editing.listed": Rule(CONTENT_EDITORS, NO_RECORD),
    "editing.stale": Rule(CONTENT_EDITORS, NO_RECORD),
    "editing.links": Rule(CONTENT_EDITORS, NO_RECORD),
    "editing.new": Rule(CONTENT_EDITORS, "content.saved"),
    "editing.edit": Rule(CONTENT_EDITORS, "content.saved"),
    "editing.preview": Rule(CONTENT_EDITORS, NO_RECORD),
    "editing.history": Rule(CONTENT_EDITORS, NO_RECORD),
    "editing.restore": Rule(CONTENT_EDITORS, "content.saved"),
    "editing.withdraw": Rule(CONTENT_EDITORS, "content.withdrawn"),
    "editing.translate": Rule(CONTENT_EDITORS, "content.translated"),
    "editing.export": Rule(CONTENT_EDITORS, NO_RECORD),
    # drop-ins: running a session, visits, and what came of them. The EET team is the Virtual School.
    "running.today": Rule(VIRTUAL_SCHOOL, "young-person.listed"),
    "running.here": Rule(VIRTUAL_SCHOOL, "booking.moved"),
    "running.late": Rule(VIRTUAL_SCHOOL, "booking.moved"),
    "running.missed": Rule(VIRTUAL_SCHOOL, "booking.moved"),
    "running.undo": Rule(VIRTUAL_SCHOOL, "booking.moved"),
    "running.begin": Rule(VIRTUAL_SCHOOL, "visit.began"),
    "running.left": Rule(VIRTUAL_SCHOOL, "drop-in.left"),
    "running.name_on_screen": Rule(VIRTUAL_SCHOOL, "drop-in.name-agreed"),
    "running.undo_visit": Rule(VIRTUAL_SCHOOL, "visit.undone"),
    "running.arrive": Rule(VIRTUAL_SCHOOL, "booking.read"),
    "running.walk_in": Rule(VIRTUAL_SCHOOL, "visit.began"),
    "running.happened": Rule(VIRTUAL_SCHOOL, NO_RECORD),
    "running.who": Rule(VIRTUAL_SCHOOL, "new-face.matched"),
    "running.screen": Rule(VIRTUAL_SCHOOL, NO_RECORD),
    "visits.visit": Rule(VIRTUAL_SCHOOL, "visit.recorded"),
    "visits.team": Rule(VIRTUAL_SCHOOL, "visit.staff-note"),
    "visits.ladder_of": Rule(frozenset({Role.virtual_school, Role.personal_adviser, Role.social_worker}), "visit.read"),
    "visits.tick_for": Rule(VIRTUAL_SCHOOL, "next-step.ticked"),
    "visits.due": Rule(VIRTUAL_SCHOOL, "young-person.listed"),
    "visits.look": Rule(VIRTUAL_SCHOOL, "outcome.told"),
    "visits.told_stories": Rule(VIRTUAL_SCHOOL, "story.read"),
    "my_steps.listed": Rule(CHILD, OWN),
    "my_steps.tick": Rule(CHILD, "next-step.ticked"),
    "my_steps.share": Rule(CHILD, "next-step.shared"),
    "my_steps.how": Rule(CHILD, "outcome.told"),
    "my_steps.changed": Rule(CHILD, OWN),
    "my_steps.say": Rule(CHILD, "visit.said"),
    "my_steps.tell_story": Rule(CHILD, "story.told"),
    "my_steps.take_story_back": Rule(CHILD, "story.taken-back"),
    # drop-ins: evidence
    "insight.drop_ins": Rule(VIRTUAL_SCHOOL, "evidence.read"),
    "insight.drop_ins_file": Rule(VIRTUAL_SCHOOL, "evidence.exported"),
    # heard and answered
    "wishes.one_list": Rule(RECORD_READERS, "wish.read"),
    "wishes.step_done": Rule(RECORD_READERS, "wish.step-done"),
    "wishes.translate_step": Rule(RECORD_READERS, "wish.translated"),
    "pep.keep_coming": Rule(ORGANISERS, "meeting.asked"),
    "pep.add_guest": Rule(ORGANISERS, "meeting.guest-added"),
    "pep.remove_guest": Rule(ORGANISERS, "meeting.guest-removed"),
    "pep.reopen": Rule(ORGANISERS, "meeting.reopened"),
    "home.my_mobile": Rule(ADULTS, "person.mobile-changed"),
    "evidence_heard.heard": Rule(VIRTUAL_SCHOOL, "evidence.read"),
    "evidence_events.events": Rule(VIRTUAL_SCHOOL, "evidence.read"),
    "wishes.say_happened": Rule(CHILD, "wish.happened"),
    # after the meeting
    "pep.page_for_them": Rule(ORGANISERS, "meeting.page-printed"),
    "pep.told": Rule(ORGANISERS, "meeting.told"),
    "pep.put_in_words": Rule(ORGANISERS, "meeting.translated"),
    "wishes.told": Rule(RECORD_READERS, "wish.told"),
    # drop-ins: booking
    "booking.book_a_time": Rule(None, "booking.booked"),
    "booking.my_bookings": Rule(CHILD, OWN),
    "booking.my_booking": Rule(CHILD, OWN),
    "booking.card": Rule(CHILD, OWN),
    "booking.calendar": Rule(CHILD, OWN),
    "booking.cancel_mine": Rule(CHILD, "booking.cancelled"),
    "booking.undo": Rule(CHILD, "booking.booked"),
    "booking.change": Rule(CHILD, "booking.changed"),
    "booking.take": Rule(CHILD, "booking.booked"),
    "booking.still_coming": Rule(CHILD, "booking.confirmed"),
    "booking_new.book_as_new": Rule(None, "booking.booked"),
    # A link shows a time and nothing about whose it is; what it does is written down.
    "booking_link.look": Rule(None, "none: a time, without a name or a place", while_locked=True),
    "booking_link.other": Rule(None, "booking.changed", while_locked=True),
    "booking_link.do": Rule(None, "booking.cancelled", while_locked=True),
    "booking_for.book_for": Rule(BOOKING_HELPERS, "booking.booked", anybodys=VIRTUAL_SCHOOL),
    "booking_for.cancel_for": Rule(BOOKING_HELPERS, "booking.cancelled", anybodys=VIRTUAL_SCHOOL),
    "booking_for.card_for": Rule(BOOKING_HELPERS, "booking.printed", anybodys=VIRTUAL_SCHOOL),
    "booking_staff.new_faces_list": Rule(VIRTUAL_SCHOOL, "new-face.listed"),
    "booking_staff.check_new_face": Rule(VIRTUAL_SCHOOL, "new-face.checked"),
    "booking_staff.places_of": Rule(VIRTUAL_SCHOOL, "booking.listed"),
    "booking_staff.calls": Rule(VIRTUAL_SCHOOL, "young-person.listed"),
    "booking_staff.called": Rule(VIRTUAL_SCHOOL, "call.made"),
    "booking_for.no_messages": Rule(BOOKING_HELPERS - {Role.carer}, "messages.stopped", anybodys=VIRTUAL_SCHOOL),
    "booking_contact.remind": Rule(CHILD, "booking.contact"),
    "apart.kept": Rule(VIRTUAL_SCHOOL, "keep-apart.read", anybodys=VIRTUAL_SCHOOL),
    "apart.ended": Rule(VIRTUAL_SCHOOL, "keep-apart.set", anybodys=VIRTUAL_SCHOOL),
    "messages.mine": Rule(CHILD, "messages.stopped"),
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
