"""Plain names for places where somebody is signed in."""

from __future__ import annotations

from flask_babel import gettext as _


def way_name(way: str, helper: str | None) -> str:
    """Return how somebody came in, for the list of places where they are signed in; ``helper`` is who sat beside them."""
    if way == "beside" and helper:
        # TRANSLATORS: a place where the child is signed in; %(name)s is the adult who sat with them
        return _("With %(name)s beside you", name=helper)
    names = {
        # TRANSLATORS: how somebody signed in; the card is a paper card with a code to scan
        "card": _("With your card"),
        # TRANSLATORS: how somebody signed in
        "link": _("With a link"),
        # TRANSLATORS: how somebody signed in
        "code": _("With a link and a code"),
        # TRANSLATORS: how somebody signed in
        "worker": _("With your passphrase"),
        # TRANSLATORS: how somebody signed in
        "oidc": _("With your council account"),
    }
    # TRANSLATORS: how somebody signed in, when we do not know more
    return names.get(way, _("Signed in"))
