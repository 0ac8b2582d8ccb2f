"""A wish's way in pictures and few words, for its young person: said, seen, in hand, steps, answer, 'did it help?'."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.core import clock
from app.core.web.dates import day
from app.core.web.roles import role_name
from app.wishes import clock_rules
from app.wishes.models import OPEN, Raised, State
from app.wishes.reading import Adult, StepView, WishView


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way: a picture, a sentence, whether it has been reached, and words typed by an adult, if any."""

    picture: str
    sentence: str
    done: bool
    words: str = ""
    language: str = "en-GB"
    # The words are in another language than the reader's, and nobody has put them into it yet.
    not_theirs: bool = False


def way_of(one: WishView, reads: str | None = None) -> list[Stage]:
    """Return the stages of a wish in order, for somebody who reads ``reads``; what comes next stands last and is not done."""
    stages = [_said(one), _seen(one)]
    # An answer may stand without an owner: the young person kept the wish from them since.
    if one.owner is not None or (one.seen_by is not None and one.wish.state in OPEN):
        stages.append(_in_hand(one))
    stages += [_step(step, reads) for step in one.steps]
    if one.reply is not None:
        stages.append(_answer(one))
        stages.append(_helped(one))
    if one.happened is not None:
        stages.append(_happened(one.happened))
    return stages


def _who(adult: Adult, **more: str) -> dict[str, str]:
    return {"name": adult.name, "role": role_name(adult.role), **more}


def _said(one: WishView) -> Stage:
    if one.wish.raised_by == Raised.paper:
        # TRANSLATORS: first stage of a wish; %(name)s is an adult, %(role)s what they are to the child
        words = _("You wrote it on paper. %(name)s, %(role)s, typed it in.", **_who(one.raised_by))
    elif one.lifted:
        # TRANSLATORS: %(name)s is an adult, %(role)s what they are to the child: 'Ms A, your social worker, …'
        words = _("%(name)s, %(role)s, read this in what you said and put it here.", **_who(one.raised_by))
    else:
        # TRANSLATORS: first stage of a wish
        words = _("You said it on %(day)s.", day=day(one.wish.raised_at))
    return Stage("speech", words, True)


def _seen(one: WishView) -> Stage:
    if one.seen_by is not None:
        # TRANSLATORS: an adult has seen the child's wish
        return Stage("eye", _("%(name)s, %(role)s, has seen it.", **_who(one.seen_by)), True)
    until = clock_rules.look_by(one.wish.raised_at)
    if clock.now() > until:
        # TRANSLATORS: nobody has looked at the child's wish in time; the next adult was told
        return Stage("eye", _("Nobody has read this yet. Sorry. We have asked one more person."), False)
    # TRANSLATORS: until which day an adult looks at the child's wish
    return Stage("eye", _("Someone looks at it by %(day)s.", day=day(until)), False)


def _in_hand(one: WishView) -> Stage:
    if one.owner is None:
        # TRANSLATORS: nobody has taken the child's wish on yet
        return Stage("calendar", _("Next, one person will look after it."), False)
    if one.owner_left and one.wish.state != State.ended:
        # TRANSLATORS: the adult who looked after the wish is gone
        words = _("%(name)s does not work with you any more. We are finding someone new.", name=one.owner.name)
        return Stage("calendar", words, False)
    who = _who(one.owner, day=day(one.wish.due_on))
    if one.overdue(clock.today()):
        # TRANSLATORS: the day has gone by and the wish has no answer; it is not the child's fault
        late = _(
            "%(name)s, %(role)s, was going to answer by %(day)s. It is late. That is not your fault. We are asking again.",
            **who,
        )
        return Stage("calendar", late, True)
    if one.wish.due_on is None:
        # TRANSLATORS: an adult has taken the wish on
        return Stage("calendar", _("%(name)s, %(role)s, looks after it.", **who), True)
    # TRANSLATORS: an adult does something about the wish by a day: 'Ms A, your social worker, does it by Tuesday 5 May 2026.'
    return Stage("calendar", _("%(name)s, %(role)s, looks after it. By %(day)s you hear more.", **who), True)


def _step(step: StepView, reads: str | None) -> Stage:
    who = _who(step.by, day=day(step.done_at or step.at))
    # TRANSLATORS: something an adult did; what it was follows in the adult's own words
    done = _("%(name)s, %(role)s, on %(day)s:", **who)
    # TRANSLATORS: something an adult is going to do; what it is follows in the adult's own words
    sentence = done if step.done else _("%(name)s, %(role)s, will do this:", **who)
    words, spoken = step.for_reader(reads)
    return Stage("tick", sentence, step.done, words, spoken, not_theirs=not step.reaches(reads))


def _answer(one: WishView) -> Stage:
    reply = one.reply
    if reply is None:
        raise ValueError("There is no answer.")
    sentence = {
        # TRANSLATORS: the answer to a wish; the reason or detail follows in the adult's own words
        "yes": _("%(name)s, %(role)s, says: yes.", **_who(reply.by)),
        # TRANSLATORS: the answer to a wish: some of it can happen
        "partly": _("%(name)s, %(role)s, says: some of it.", **_who(reply.by)),
        # TRANSLATORS: the answer to a wish: it cannot happen, and the reason follows in the adult's own words
        "no": _("%(name)s, %(role)s, says: no, because", **_who(reply.by)),
    }[reply.kind]
    return Stage("pen", sentence, True)


def _helped(one: WishView) -> Stage:
    # TRANSLATORS: asked of the child when a wish was answered
    sentence = {
        # TRANSLATORS: what the child said about the answer to their wish
        "helped": _("You say: it helped."),
        # TRANSLATORS: what the child said about the answer; their adult looks at it again
        "not-yet": _("You say: not yet. So we look at it again."),
        # TRANSLATORS: what the child said about the answer to their wish
        "no": _("You say: no, it did not help."),
        # TRANSLATORS: asked of the child after an answer to their wish
    }.get(one.wish.verdict or "", _("Did it help?"))
    return Stage("sun", sentence, one.wish.verdict is not None)


def _happened(said: str) -> Stage:
    sentence = {
        # TRANSLATORS: what the child said, some weeks later, about something that was promised
        "yes": _("You say: yes, it happened."),
        # TRANSLATORS: what the child said about something that was promised; the adult looks at it again
        "not-yet": _("You say: it has not happened yet. So we asked again."),
        # TRANSLATORS: what the child said about something that was promised; the adult looks at it again
        "no": _("You say: it did not happen. So we asked again."),
    }[said]
    return Stage("calendar", sentence, True)
