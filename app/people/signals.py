"""What this room tells the rooms above it. Whoever listens acts in the same transaction as the cause.

``card_locked``: a card was rested after too many wrong codes. Sent with the ``Card`` as sender and ``session``, ``until``.
"""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

card_locked = _signals.signal("card-locked")
