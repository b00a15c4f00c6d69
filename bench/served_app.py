"""The same application under plain textual-serve, as its documentation says: `python -m bench.served_app HOME`."""

from __future__ import annotations

import sys
from pathlib import Path

from models.states import Surface
from screens.workplace import Workplace
from services.actor import Origin
from services.opening import open_desk
from services.settings import load_settings
from tui.app import DeskApp


def main(home: str) -> None:
    """Open the desk on the other end of whatever started this."""
    place = Workplace(open_desk(load_settings(Path(home))), Origin(Surface.PORTAL, "127.0.0.1"))
    DeskApp(place).run()


if __name__ == "__main__":
    main(sys.argv[1])
