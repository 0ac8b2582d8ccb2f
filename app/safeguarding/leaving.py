"""Leave: away from here at once, and this device forgets who was signed in (docs/decisions/leave-by-get.md)."""

from __future__ import annotations

from flask import session as cookie
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from app.core import clock
from app.people import sessions
from app.people.models import SignIn
from app.people.sessions import Actor


def is_a_press(method: str, headers: Headers) -> bool:
    """Return whether this request is somebody pressing Leave here.

    It is not when another site sends the browser (so that no page or picture elsewhere can sign a child out), nor when a browser
    only fetches ahead. A browser too old to say where a request comes from is believed: not leaving would be worse.
    """
    if (
        method == "HEAD"
        or headers.get("Sec-Purpose", "").startswith("prefetch")
        or headers.get("Purpose") == "prefetch"
    ):
        return False
    return headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")


def leave_this_device(session: Session, actor: Actor | None) -> None:
    """End the session of this browser, also that of an adult which waits locked behind it, and forget its cookie whole."""
    if actor is not None:
        sessions.end(session, actor)
        behind = session.scalar(select(SignIn.behind_id).where(SignIn.id == actor.sign_in_id))
        if behind is not None:
            session.execute(
                update(SignIn).where(SignIn.id == behind, SignIn.ended_at.is_(None)).values(ended_at=clock.now())
            )
    # Everything, also the language: what stays would tell that somebody was here.
    cookie.clear()
