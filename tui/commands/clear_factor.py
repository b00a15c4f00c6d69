"""`trakdesk clear-factor EMAIL`: the way back in when nobody is left at the desk who could clear a second factor."""

from __future__ import annotations

import argparse
import sys

from services.errors import DeskError, Invalid
from services.person_key import PersonKind
from services.text import safe
from tui import exits
from tui.commands.opened import administrator, open_desk_of
from tui.one_person import by_email


def run(options: argparse.Namespace) -> int:
    """Clear it, tell the owner by mail, and write it down as any clearing."""
    desk = open_desk_of(options)
    actor = administrator(desk, options.agency)
    found = (by_email(desk, actor, kind, options.email) for kind in PersonKind)
    person = next((key for key in found if key is not None), None)
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
