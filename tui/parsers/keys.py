"""The words of `trakdesk keys`."""

from __future__ import annotations

import argparse

from tui.parsers.shared import Commands, agency_option


def add_keys(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk keys`."""
    agency = agency_option()
    steps = commands.add_parser("keys", help="turn the keys of the key file").add_subparsers(
        title="steps", metavar="STEP", required=True
    )
    rotate = steps.add_parser(
        "rotate",
        parents=[agency],
        help="make new keys while desks run; old ones stay as long as they are needed",
        description="Without an option both are turned. Passwords take the new pepper when their owners sign in next.",
    )
    rotate.add_argument("--pepper", action="store_true", help="the key of the password hashes")
    rotate.add_argument("--cipher", action="store_true", help="the key that locks second factors")
    rotate.add_argument(
        "--prepare", action="store_true", help="only put them into the file, to copy it to the other machines first"
    )
    rotate.set_defaults(module="keys", step="rotate")
    retire = steps.add_parser("retire", parents=[agency], help="take away old keys that nothing needs any more")
    retire.set_defaults(module="keys", step="retire")
    adopt = steps.add_parser(
        "adopt",
        parents=[agency_option()],
        help="go on with a new key file when the old one is lost and no copy is left",
        description="Everybody needs a reset then. Prints a one-time code for one administrator.",
    )
    adopt.add_argument("--admin", required=True, metavar="EMAIL", help="the administrator who comes in first")
    adopt.add_argument("--reason", required=True, metavar="WORDS", help="why; it stands in the audit for ever")
    adopt.set_defaults(module="keys", step="adopt")
