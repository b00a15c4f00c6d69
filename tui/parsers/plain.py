"""The words of `trakdesk plain`."""

from __future__ import annotations

import argparse

from tui.parsers.shared import Commands


def add_plain(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk plain`."""
    plain = commands.add_parser(
        "plain",
        help="the desk as lines, for screen readers, braille terminals and pipes",
        description="Asks line by line, with no colours and no cursor control. `trakdesk` does so by itself where "
        "TERM is dumb or empty.",
    )
    plain.add_argument("--task", choices=("sign-in", "reset", "activate"), help="what to begin with")
    plain.set_defaults(module="plain")
