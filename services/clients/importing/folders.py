"""The folders of the machine on which the desk runs, as far as somebody who chooses a list may look into them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from services import sessions
from services.actor import Actor
from services.context import Context
from services.errors import Invalid
from services.files import refuse_in_browser
from services.offices import require_whole_agency

ENDINGS = (".csv", ".tsv", ".txt")
"""How the names of lists end; a screen opens no other file, since keys and database lie on the same machine, and
whoever comes over SSH is not their owner."""

MOST_ENTRIES = 5_000
"""Of one folder."""

NOT_HERE = (
    "A list lies on the machine of the desk, which a browser cannot reach. Upload it at the desk or over SSH, "
    "or ask an administrator to use `trakdesk import clients FILE`."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a folder.

    Attributes:
        name: as the file system has it; never shown without making it harmless.
        size: in bytes; 0 for a folder.
        changed_at: when it was written to last; None if nobody can tell.
    """

    name: str
    is_folder: bool
    size: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in a folder: folders first, then lists, by name.

    Attributes:
        path: without links and dots.
        other: how many other files are there, which are not shown.
        cut: whether there is more than is shown.
    """

    path: Path
    entries: tuple[Entry, ...]
    other: int
    cut: bool = False


class Folders:
    """Looks into folders for whoever uploads a list."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def open(self, actor: Actor, path: Path) -> Folder:
        """What is in a folder. Raises Invalid for `file` if it cannot be read, Refused, or SignedOut."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
            require_whole_agency(actor)
        refuse_surface(actor)
        try:
            # Not strict: a folder that is gone says so below.
            real = path.expanduser().resolve()
            return _read(real)
        except (OSError, ValueError, RuntimeError) as error:
            words = getattr(error, "strerror", None) or str(error)
            raise Invalid({"file": f"This folder cannot be read: {words}. Choose another one."}) from error


def refuse_reach(actor: Actor, path: Path) -> None:
    """Check that somebody at a screen may take this file. Raises Invalid for `file`, or Refused."""
    if actor.session_id is None:
        return
    refuse_surface(actor)
    try:
        real = path.expanduser().resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise Invalid({"file": f"The file cannot be read: {error}. Check its name."}) from error
    if real.suffix.lower() not in ENDINGS and not real.is_dir():
        raise Invalid({"file": f"The name of a list ends with {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}. Rename it."})


def refuse_surface(actor: Actor) -> None:
    """Raises Refused in a browser."""
    refuse_in_browser(actor.origin, NOT_HERE)


def _read(path: Path) -> Folder:
    folders: list[Entry] = []
    lists: list[Entry] = []
    other = 0
    with os.scandir(path) as found:
        for one in found:
            if len(folders) + len(lists) >= MOST_ENTRIES:
                return Folder(path, _sorted(folders, lists), other, cut=True)
            if one.name.startswith("."):
                continue
            entry = _entry(one)
            if entry is None:
                other += 1
            else:
                (folders if entry.is_folder else lists).append(entry)
    return Folder(path, _sorted(folders, lists), other)


def _entry(found: os.DirEntry[str]) -> Entry | None:
    """None for what is no list."""
    try:
        if found.is_dir():
            return Entry(found.name, is_folder=True)
        if not found.is_file() or not found.name.lower().endswith(ENDINGS):
            return None
        told = found.stat()
    except OSError:
        # A link to nowhere, or gone since.
        return None
    return Entry(found.name, False, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))


def _sorted(folders: list[Entry], lists: list[Entry]) -> tuple[Entry, ...]:
    return (*sorted(folders, key=_name), *sorted(lists, key=_name))


def _name(entry: Entry) -> str:
    return entry.name.casefold()
