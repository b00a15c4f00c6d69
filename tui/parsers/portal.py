"""The words of the portal."""

from __future__ import annotations

import argparse

from tui.parsers.shared import Commands


def add_portal(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk portal`."""
    portal = commands.add_parser(
        "portal",
        help="serve the application to browsers",
        description=(
            "Runs until SIGTERM or Ctrl-C. It speaks plain HTTP: a proxy in front of it, such as nginx, speaks TLS."
        ),
    )
    portal.add_argument("--host", default="", help="where to listen (setting portal.host, usually 127.0.0.1)")
    portal.add_argument("--port", type=_port, default=0, help="on which port (setting portal.port, usually 8377)")
    portal.set_defaults(module="portal")


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65_535:
        raise ValueError
    return number
