"""The home folder, the disk, the keys, and the kiosks of this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from services import private_files
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
    foreign = _foreign("keys", path, path.parent)
    try:
        keys = Keys.load(path, looking=True)
    except DeskError as error:
        return None, foreign or _told("keys", error)
    return keys, foreign or good("keys", f"{path}, readable by its owner only")


def kiosks(folder: Path) -> Iterator[Finding]:
    """The secrets of the kiosks that this machine is."""
    names = sorted(path.stem for path in (folder / "kiosks").glob("*.key"))
    if not names:
        yield unused("kiosks", "this machine is none", "To make it one: docs/kiosk.md.")
    for name in names:
        foreign = _foreign("kiosks", key_file.path_of(folder, name), folder)
        try:
            key_file.load(folder, name, looking=True)
        except DeskError as error:
            yield foreign or _told("kiosks", error)
        else:
            yield foreign or good("kiosks", f"{name}: its key is readable by its owner only")


def _foreign(part: str, path: Path, folder: Path) -> Finding | None:
    """What is wrong with a file of secrets whose owner is not that of the home folder, as whom the desk runs."""
    try:
        of_file, of_home = private_files.owner(path), private_files.owner(folder)
        remedy = f"Run: {private_files.giving_back(path, folder)}"
    except OSError:
        return None
    return bad(part, f"{path} belongs to {of_file}, and {folder} to {of_home}", remedy) if of_file != of_home else None


def _told(part: str, error: DeskError) -> Finding:
    """What is wrong with a file of secrets; the last sentence of its refusal is what to do."""
    words, _, remedy = error.sentence.rpartition(". ")
    return bad(part, words, remedy)
