"""What the warm parent prepares, so that no program has to: imports, parsed styles, filled caches."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import models
import screens
import services
from models.states import Surface
from services.actor import Origin
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import DeskError
from services.opening import check_desk, open_desk
from services.settings import Settings
from tui.portal.prepared import Prepared

_NOT_HERE = ("models.migrations", "models.postgresql", "screens.kiosk")
"""What no session in a browser uses, or only on the other engine."""

_TIMES = 8
"""After so many runs Python has settled how it runs a piece of code."""


def warm_up(settings: Settings) -> Prepared:
    """Import everything, and build an application that waits; no thread and no connection is left."""
    import_all(_NOT_HERE)
    if not settings.database_url.startswith("sqlite"):
        importlib.import_module("models.postgresql")
    with tempfile.TemporaryDirectory() as folder:
        _rehearse(Path(folder))
    prepared = Prepared(settings)
    left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if left:
        # A lock that one of them holds would be held for ever in every copy.
        raise RuntimeError(f"threads are left: {left}")
    return prepared


def import_all(but: tuple[str, ...] = ("models.migrations", "models.postgresql")) -> None:
    """Import all screens, services and tables, except modules whose names begin so."""
    for package in (models, services, screens):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(but):
                importlib.import_module(found.name)


def _rehearse(folder: Path) -> None:
    """Ask the services what every program asks first, of a database that is thrown away.

    Python writes into code that runs for the first time, and fills caches: after this, the copies need not.
    """
    ctx = replace(open_desk(Settings(home=folder, database_url=f"sqlite:///{folder / 'rehearsal'}")).ctx, bcrypt_cost=4)
    desk, here = Desk(ctx), Origin(Surface.PORTAL, "127.0.0.1")
    for _ in range(_TIMES):
        check_desk(ctx)
        desk.is_founded()
        with contextlib.suppress(DeskError):
            desk.recovery.open(f"#activate={'x' * 43}", "", here)
        with contextlib.suppress(DeskError):
            desk.sign_in.sign_in("nobody", "nobody@rehearsal.example", Secret("nothing at all"), here)
    pool: Any = ctx.database
    pool.close_all()
