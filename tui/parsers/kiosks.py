"""The words of the kiosks: run one, and look after all."""

from __future__ import annotations

import argparse

from services.colours import NAMES
from tui.parsers.shared import Commands, agency_option


def add_kiosk(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk kiosk`."""
    kiosk = commands.add_parser(
        "kiosk",
        help="run a kiosk on this terminal",
        description="Nobody leaves it but staff who sign in behind ctrl+k, and the machine with SIGTERM.",
    )
    kiosk.add_argument("--name", required=True, help="the name under which it was enrolled")
    kiosk.add_argument("--theme", choices=NAMES, help="other colours than those chosen for it, for this run")
    kiosk.set_defaults(module="kiosk")


def add_kiosks(commands: Commands[argparse.ArgumentParser]) -> None:
    """`trakdesk kiosks`."""
    agency = agency_option()
    steps = commands.add_parser("kiosks", help="enrol, list and revoke kiosks").add_subparsers(
        title="steps", metavar="STEP", required=True
    )
    enrol = steps.add_parser(
        "enrol",
        parents=[agency],
        help="give this machine the identity of a new kiosk",
        description="Its secret is kept in the home folder; `trakdesk kiosk --name NAME` runs it.",
    )
    enrol.add_argument("--name", required=True, help="where it stands, such as Lobby")
    enrol.add_argument("--office", default="", metavar="NAME", help="the office that answers its requests for help")
    enrol.add_argument("--theme", choices=NAMES, default="", help="its colours")
    enrol.set_defaults(module="kiosks", step="enrol")
    listed = steps.add_parser("list", parents=[agency], help="show all kiosks, and when each was last seen")
    listed.add_argument("--json", action="store_true", help="as JSON, for scripts")
    listed.set_defaults(module="kiosks", step="list")
    revoke = steps.add_parser("revoke", parents=[agency], help="close a kiosk at once, wherever it runs")
    revoke.add_argument("name", help="the name of the kiosk")
    revoke.set_defaults(module="kiosks", step="revoke")
