"""Stores what is typed in forms, behind the back of whoever types."""

from __future__ import annotations

from screens.workplace import Workplace
from services.actor import Actor
from services.errors import DeskError


def keep_unkept(place: Workplace, actor: Actor) -> None:
    """Store what stands in forms and is not stored yet, as a draft; runs on a thread."""
    unkept = place.sitting.unkept
    for key in list(unkept):
        typed = unkept.pop(key, None)
        try:
            if typed is None:
                place.desk.drafts.drop(actor, key)
            else:
                place.desk.drafts.keep(actor, key, typed)
        except DeskError:
            # Nobody asked for it, so nobody is told; what was typed meanwhile is the newer.
            unkept.setdefault(key, typed)
