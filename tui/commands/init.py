"""`trakdesk init`: an agency and its first administrator, without a screen."""

from __future__ import annotations

import argparse

from services.errors import DeskError, Invalid
from services.new_agency import NewAgency
from tui import exits
from tui.commands.opened import command_origin, open_desk_of

UNNAMED = "Desk Administrator"
"""What mails call an administrator whose name was not given."""

_OPTION_OF = {
    "name": "--agency",
    "code": "--code",
    "admin_email": "--admin",
    "admin_first": "--admin-name",
    "admin_last": "--admin-name",
}


def run(options: argparse.Namespace) -> int:
    """Set up the agency and print the code with which its administrator chooses a password."""
    desk = open_desk_of(options)
    first, _, last = (options.admin_name.strip() or UNNAMED).partition(" ")
    draft = NewAgency(
        name=options.agency,
        code=options.code,
        address=options.address,
        phone=options.phone,
        email=options.email,
        admin_first=first,
        admin_last=last,
        admin_email=options.admin,
        password=None,
    )
    try:
        founded = desk.agencies.found(draft, command_origin())
    except Invalid as error:
        raise DeskError(
            "\n".join(f"{_OPTION_OF.get(field, f'--{field}')}: {text}" for field, text in error.problems.items())
        ) from error
    if founded.code is None:
        print("This agency is set up already; nothing was changed.")
        return exits.DONE
    if founded.existing:
        print(f"{options.agency} is set up already; its administrator has no password yet. An older code is void.")
    else:
        print(f"{options.agency} is set up. Company code: {options.code}")
    print(f"One-time code for {options.admin}: {founded.code}")
    print('Open the desk with `trakdesk`, choose "I have a link or code", and choose a password. The code works once.')
    return exits.DONE
