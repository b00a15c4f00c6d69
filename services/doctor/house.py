"""The home folder, the disk, the keys, and the kiosks of this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from services.doctor.finding import Finding, bad, good, unused
from services.errors import DeskError
from services.keys import Keys
from services.kiosks import key_file

ENOUGH_ROOM = 200_000_000


def home(folder: Path) -> Finding:
    """Whether it is there, closed to others, and on a disk with room."""
    if not folder.is_dir():
        return bad("home", f"{folder} is not there", "Open the desk once, or run `trakdesk init`.")
    if folder.stat().st_mode & 0o077:
        return bad("home", f"{folder} is open to others", f"Run: chmod 700 {folder}")
    free = shutil.disk_usage(folder).free
    if free < ENOUGH_ROOM:
        return bad("home", f"only {free / 1e6:,.0f} MB are free", "Make room on that disk.")
    return good("home", f"{folder}, {free / 1e9:,.1f} GB free")


def key_ring(path: Path) -> tuple[Keys | None, Finding]:
    """The keys if they can be used, and how their file is."""
    try:
        keys = Keys.load(path)
    except DeskError as error:
        return None, _told("keys", error)
    return keys, good("keys", f"{path}, readable by its owner only")


def kiosks(folder: Path) -> Iterator[Finding]:
    """The secrets of the kiosks that this machine is."""
    names = sorted(path.stem for path in (folder / "kiosks").glob("*.key"))
    if not names:
        yield unused("kiosks", "this machine is none", "To make it one: docs/kiosk.md.")
    for name in names:
        try:
            key_file.load(folder, name)
        except DeskError as error:
            yield _told("kiosks", error)
        else:
            yield good("kiosks", f"{name}: its key is readable by its owner only")


def _told(part: str, error: DeskError) -> Finding:
    """What is wrong with a file of secrets; the last sentence of its refusal is what to do."""
    words, _, remedy = error.sentence.rpartition(". ")
    return bad(part, words, remedy)
