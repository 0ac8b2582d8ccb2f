"""What the choices of a booking are called, and the order in which they stand."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

# What most people come for stands first, each with a picture; the rest opens below it.
FIRST_PURPOSES = ("find_job", "find_course", "find_apprenticeship", "cv", "money_help", "just_to_talk")
# A way out of choosing, always in sight.
LAST_PURPOSE = "not_sure"

BRINGS = {
    # TRANSLATORS: who comes along to a meeting
    "none": _l("I'm coming on my own"),
    "friend": _l("A friend"),
    "carer": _l("My carer"),
    "pa": _l("My personal adviser"),
    "advocate": _l("An advocate"),
}
CONTACTS = {
    # TRANSLATORS: how somebody is reminded of a meeting
    "text": _l("A text message"),
    "email": _l("An e-mail"),
    "app": _l("Only on my page here"),
    "through_pa": _l("Tell my personal adviser"),
    "letter_to_carer": _l("A letter to my carer"),
    "none": _l("Don't remind me"),
}
BASES = {
    # TRANSLATORS: why an adult books a meeting for a young person; each begins 'They ...'
    "asked_me": _l("They asked me to"),
    "with_me_now": _l("They are with me now"),
    "agreed_before": _l("We agreed it before"),
}
STATES = {
    # TRANSLATORS: where the booking of a meeting stands; short
    "booked": _l("Booked"),
    "waiting": _l("In line"),
    "offered": _l("A time is offered"),
    "cancelled": _l("Cancelled"),
    "rescheduled": _l("Changed to another time"),
    "cancelled_by_service": _l("We had to cancel it"),
    "arrived": _l("Here"),
    "attended": _l("Came"),
    "did_not_attend": _l("Did not come"),
    "lapsed": _l("No place came up"),
    "not_recorded": _l("Over"),
}
CALLS = {
    # TRANSLATORS: to a worker: why a young person is to be rung
    "booked": _l("They have a booking. Tell them the day and the time."),
    "moved": _l("The meeting has moved. Can they come?"),
    "gone": _l("The meeting will not be."),
    "offered": _l("A time is free for them."),
    "yours": _l("A time came up, and it is theirs."),
    "lapsed": _l("No time came up for them. Is there another one?"),
    "staff": _l("They will meet somebody else than they were told."),
    "not_answered": _l("They were asked if they can still come, and have not answered."),
    "failed": _l("A message to them did not arrive. Is the number right?"),
}
ROLES_OF_BOOKERS = frozenset({"personal_adviser", "social_worker", "carer", "designated_teacher", "virtual_school"})
