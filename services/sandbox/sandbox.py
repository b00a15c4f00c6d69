"""One sandbox: a private folder with everything in it, gone at the end."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from services.actor import Actor
from services.context import Context
from services.desk import Desk
from services.errors import DeskError, Refused
from services.opening import check_desk, open_unchecked
from services.sandbox import people, population
from services.sandbox.clock import SandboxClock
from services.sandbox.post import MAIL_HOST, deliver
from services.sandbox.presence import take_along
from services.settings import MailSettings, Settings

PORTAL = "https://portal.raystaging.example"
"""The portal's address in mails."""

BEGINNING = "trakdesk-sandbox-"
"""How the names of the folders begin."""

BCRYPT_COST = 4
"""The least that bcrypt knows: these passwords guard nothing."""

_BASE = "base"

_LOCK = "lock"
_HELD_WITHIN = 3600.0
"""Seconds after which a folder that nobody has held yet was left behind."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a scene begins.

    Attributes:
        path: the database as it is then; moment: the time of the sandbox's clock.
        actor: who is signed in at the desk; None for the sign-in form.
    """

    path: Path
    moment: datetime
    actor: Actor | None


def settings_in(home: Path, theme: str = "dark") -> Settings:
    """Those of a sandbox in a folder, made by hand: no file and no variable has a say.

    Raises ValueError for a folder that is no sandbox's.
    """
    if not home.name.startswith(BEGINNING):
        raise ValueError(f"{home} is no sandbox")
    return Settings(
        home=home,
        database_url=f"sqlite:///{home / 'trakdesk.sqlite3'}",
        public_url=PORTAL,
        deliver_in_desk=False,
        theme=theme,
        mail=MailSettings(host=MAIL_HOST, from_address="desk@raystaging.example"),
    )


def context_in(home: Path, theme: str = "dark") -> Context:
    """What the services of a sandbox work with; its clock is shared by all programs of the same folder.

    Raises as `settings_in` and `open_unchecked` do.
    """
    settings = settings_in(home, theme)
    ctx = replace(open_unchecked(settings, SandboxClock(home / "clock")), bcrypt_cost=BCRYPT_COST)
    database: Any = ctx.database
    with ctx.read():
        # Nothing here need outlive a power cut.
        database.pragma("synchronous", 0, permanent=True)
    return ctx


class Sandbox:
    """Makes the folder, the people in it, and the beginnings of scenes.

    Attributes:
        home: the folder.
        desk: the services; the same object at all times, whatever stands in the database.
        replacing: held while the database is being exchanged; whoever asks services on a thread of its own holds it.
    """

    def __init__(self, within: Path | None = None) -> None:
        """Make a fresh folder in `within`, else where temporary folders are. Raises Refused if none can be made."""
        sweep(within)
        try:
            self.home = Path(tempfile.mkdtemp(prefix=BEGINNING, dir=within))
            self._held = _hold(self.home)
        except OSError as error:
            raise Refused(
                f"No folder for the sandbox can be made: {error.strerror}. "
                "Make room where temporary folders are, or name another place with TMPDIR."
            ) from error
        self.replacing = threading.RLock()
        self._beginnings: dict[str, Beginning] = {}
        try:
            self.desk = Desk(context_in(self.home))
            self.clock = SandboxClock(self.home / "clock")
            (self.home / "beginnings").mkdir(mode=0o700)
        except BaseException:
            remove(self.home)
            os.close(self._held)
            raise

    # -- the people --------------------------------------------------------------------------

    def build(self, told: Callable[[str], None] = lambda _: None) -> None:
        """Make everybody whom all scenes share; `told` hears what is being made."""
        with self.replacing:
            ctx = self.desk.ctx
            check_desk(ctx)
            with ctx.unit():
                population.populate(self.desk, told)
            self._keep(_BASE, None)

    def begin(self, name: str, prepare: Callable[[Desk], None], signed_in: str = "") -> Beginning:
        """Put the database and the clock to the beginning of a scene; no program may have the database open.

        Args:
            prepare: makes the people what they are; runs when the scene is begun for the first time.
            signed_in: the address of whoever sits at the desk; empty for nobody.
        """
        with self.replacing:
            found = self._beginnings.get(name)
            if found is None:
                self._restore(self._beginnings[_BASE])
                self.clock.move(-self.clock.shift)
                prepare(self.desk)
                self.deliver()
                actor = people.sign_in(self.desk, signed_in) if signed_in else None
                found = self._keep(name, actor)
            else:
                self._restore(found)
                self.clock.put(found.moment)
            return found

    def sit_again(self, email: str, before: Actor) -> Actor:
        """Whoever sits at a desk that is opened again: as they sat there before, or signed in anew.

        Args:
            email: of the person; before: as they were signed in.

        Raises as `people.sign_in` does.
        """
        with self.replacing:
            try:
                self.desk.own_sessions.look(before)
            except DeskError:
                # It ended, or it is locked; only one of them is to be open.
                self.desk.sign_in.sign_out(before)
                return people.sign_in(self.desk, email)
            return before

    def deliver(self) -> int:
        """Deal with all mail that is due. Returns with how much."""
        with self.replacing:
            return deliver(self.desk)

    def jump(self, by: timedelta) -> None:
        """Put the clock forward; whoever is signed in stays so, as if they had been at work all the time."""
        with self.replacing, self.desk.ctx.unit():
            take_along(by)
            self.clock.move(by)

    def changed(self) -> object:
        """Another value than before once something has been written to the database; cheap enough to ask often."""
        try:
            found = self._database.with_name(f"{self._database.name}-wal").stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _keep(self, name: str, actor: Actor | None) -> Beginning:
        path = self.home / "beginnings" / f"{len(self._beginnings)}.sqlite3"
        self._let_go()
        shutil.copyfile(self._database, path)
        kept = self._beginnings[name] = Beginning(path, self.clock.now(), actor)
        return kept

    def _restore(self, beginning: Beginning) -> None:
        self._let_go()
        fresh = self._database.with_suffix(".fresh")
        shutil.copyfile(beginning.path, fresh)
        fresh.chmod(0o600)
        for ending in ("-wal", "-shm"):
            self._database.with_name(self._database.name + ending).unlink(missing_ok=True)
        fresh.replace(self._database)
        (self.home / "remembered.json").unlink(missing_ok=True)

    def _let_go(self) -> None:
        """Bring everything into the one file, and close it."""
        database: Any = self.desk.ctx.database
        with self.desk.ctx.read():
            database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        database.close_all()

    @property
    def _database(self) -> Path:
        return self.home / "trakdesk.sqlite3"

    # -- the end -----------------------------------------------------------------------------

    def close(self) -> None:
        """Take everything away; may be called twice."""
        database: Any = self.desk.ctx.database
        with self.replacing:
            database.close_all()
        remove(self.home)
        with contextlib.suppress(OSError):
            os.close(self._held)


@contextmanager
def sandbox(within: Path | None = None) -> Iterator[Sandbox]:
    """One with everybody in it, taken away at the end."""
    made = Sandbox(within)
    try:
        made.build()
        yield made
    finally:
        made.close()


def remove(home: Path) -> None:
    """Take the folder of a sandbox away; never another one."""
    if home.name.startswith(BEGINNING):
        shutil.rmtree(home, ignore_errors=True)


def sweep(within: Path | None = None) -> None:
    """Take away what killed programs of this user have left behind."""
    for home in Path(within or tempfile.gettempdir()).glob(f"{BEGINNING}*"):
        with contextlib.suppress(OSError):
            found = home.lstat()
            if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
                continue
            try:
                handle = os.open(home / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            except FileNotFoundError:
                # Its program is about to hold it, or was killed before it did.
                if time.time() - found.st_mtime > _HELD_WITHIN:
                    remove(home)
                continue
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(home)
            finally:
                os.close(handle)


def _hold(home: Path) -> int:
    """Hold the folder for this process until it ends."""
    making = home / f"{_LOCK}.new"
    handle = os.open(making, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # Under its name only now: whoever sweeps never finds one that is not held yet.
    making.rename(home / _LOCK)
    return handle
