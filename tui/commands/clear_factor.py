"""`trakdesk clear-factor EMAIL`: the way back in when nobody is left at the desk who could clear a second factor."""

from __future__ import annotations

import argparse
import sys

from services import person_key
from services.actor import Actor
from services.desk import Desk
from services.errors import DeskError, Invalid
from services.person_key import PersonKey
from services.staff.values import StaffQuery
from services.text import safe
from tui import exits
from tui.commands.opened import administrator, open_desk_of

_ENOUGH = 50
"""Colleagues whose words begin like one address: more is no address."""


def run(options: argparse.Namespace) -> int:
    """Clear it, tell the owner by mail, and write it down as any clearing."""
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    person = _person(desk, actor, options.email)
    if person is None:
        print(f"Nobody here has the address {safe(options.email)}. Check it.", file=sys.stderr)
        return exits.NOT_DONE
    try:
        desk.clearing.second_factor(actor, person, options.reason)
    except Invalid as refusal:
        print(f"--reason: {refusal.sentence}", file=sys.stderr)
        return exits.NOT_DONE
    except DeskError as refusal:
        print(refusal.sentence, file=sys.stderr)
        return exits.NOT_DONE
    print(f"The second factor of {safe(options.email)} is cleared. Its owner gets a notice.")
    return exits.DONE


def _person(desk: Desk, actor: Actor, email: str) -> PersonKey | None:
    client = desk.clients.find_by_email(actor, email)
    if client is not None:
        return person_key.client(client.id)
    for row in desk.staff.rows(actor, StaffQuery(words=email)).first(_ENOUGH):
        if desk.staff.view(actor, row.key).email.casefold() == email.strip().casefold():
            return person_key.staff(row.key)
    return None
