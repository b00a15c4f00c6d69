"""Files on the machine of the desk: whoever sits at it, or has come by SSH, may name one."""

from __future__ import annotations

from pathlib import Path

from models.states import Surface
from services.actor import Origin
from services.errors import Invalid, Refused

NO_FILES_HERE = (
    "A file is written on the machine of the desk, which a browser cannot reach. Write it at the desk or over SSH, "
    "or ask an administrator to do it by a command."
)


def refuse_existing(path: Path) -> None:
    """Raises Invalid for `file` if something is there already: nobody means to lose an older export."""
    if path.exists():
        raise Invalid({"file": f"{path} is there already. Name another file; an export overwrites nothing."})


def refuse_in_browser(origin: Origin, why: str = NO_FILES_HERE) -> None:
    """Raises Refused for whoever is in a browser."""
    if origin.surface is Surface.PORTAL:
        raise Refused(why)
