"""What setting sessions up tells the rest of the room. Whoever listens acts in the same transaction as the cause.

Each is sent with the ``DropIn`` as sender, and with ``session`` and ``actor`` (None when the clock did it):

- ``dropin_published``: its slots are there, people may book
- ``dropin_cancelled``: it will not be; its public reason stands on it. Sent after its state has changed
- ``dropin_moved``: with ``was`` (a ``Was``: starts_at, ends_at, venue_id, mode before), ``by`` (how far, a timedelta), ``small``
  (30 minutes or less on the same day at the same place: handbook 4.3) and ``moved_slots`` (ids of slots that moved along)
- ``capacity_changed``: with ``slot`` (a ``Slot``), ``before`` and ``after`` (places that can be booked, walk-in places left out);
  only ever when nobody loses a place
- ``staff_changed``: with ``gone`` and ``new`` (sets of person ids)
- ``dropin_done``: the end has come; with ``at``
- ``dropin_closed``: five working days have passed; what is not settled was not recorded; with ``at``
"""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

dropin_published = _signals.signal("dropin-published")
dropin_cancelled = _signals.signal("dropin-cancelled")
dropin_moved = _signals.signal("dropin-moved")
capacity_changed = _signals.signal("dropin-capacity-changed")
staff_changed = _signals.signal("dropin-staff-changed")
dropin_done = _signals.signal("dropin-done")
dropin_closed = _signals.signal("dropin-closed")

# Of bookings, sent with the ``Booking`` as sender and ``session``, ``what``: promoted, offered, offer-over,
# cancelled-by-service, moved, lapsed,
# first-pick. Whoever listens tells the person.
booking_changed = _signals.signal("dropin-booking-changed")
