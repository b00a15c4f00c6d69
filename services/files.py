"""Files on the machine of the desk: whoever sits at it, or has come by SSH, may name one."""

from __future__ import annotations

from models.states import Surface
from services.actor import Origin
from services.errors import Refused

NO_FILES_HERE = (
    "A file is written on the machine of the desk, which a browser cannot reach. Write it at the desk or over SSH, "
    "or ask an administrator to do it by a command."
)


def refuse_in_browser(origin: Origin, why: str = NO_FILES_HERE) -> None:
    """Raises Refused for whoever is in a browser."""
    if origin.surface is Surface.PORTAL:
        raise Refused(why)
