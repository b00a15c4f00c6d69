"""What every command needs: the desk of the options, and somebody who acts."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from models.states import Role, Surface
from services.actor import Actor, Origin
from services.errors import Refused
from services.settings import Settings, load_settings
from tui import terminal
from tui.faults import start_log

if TYPE_CHECKING:
    from services.desk import Desk


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings of the home folder that the options name."""
    settings = load_settings(options.home)
    if settings.database_url.startswith("sqlite"):
        # Peewee imports psycopg whenever it finds it, which takes an eighth of a second; a desk on SQLite has no use
        # for it. So this must come before the first import of Peewee.
        sys.modules.setdefault("psycopg", None)  # type: ignore[arg-type] # None is Python's way to say "not here"
    return settings


def open_desk_of(options: argparse.Namespace) -> Desk:
    """The desk of the options, with its log started."""
    settings = settings_of(options)
    from services.opening import open_desk

    desk = open_desk(settings)
    start_log(settings.log_path)
    # Whoever finds an empty desk behind an open door would become its administrator.
    if getattr(options, "strangers", False) and not desk.is_founded():
        raise Refused("Nobody has set up this desk yet. Its administrator does so on the machine itself: trakdesk init")
    return desk


def command_origin() -> Origin:
    """The surface and place of a command."""
    return Origin(Surface.COMMAND, terminal.place())


def administrator(desk: Desk, company_code: str) -> Actor:
    """Whoever may run commands on this machine's database acts as an administrator of the agency."""
    origin = command_origin()
    agency = desk.agencies.only(company_code)
    if agency is None:
        raise Refused("There is no agency yet. Run `trakdesk init`, or open the desk with `trakdesk` and set one up.")
    return Actor(agency.id, None, None, f"command line ({origin.place})", Role.ADMINISTRATOR, origin)
