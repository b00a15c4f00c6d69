"""The trainer's file of a class: one line a call, appended by several trainees at once, and added up."""

from __future__ import annotations

import csv
import fcntl
import io
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.clients.importing.formulas import protect, unprotect
from services.errors import Invalid
from services.practice.values import FULL, Difficulty, Marks, Outcome
from services.text import safe

HEADER = (
    "When",
    "Trainee",
    "Seed",
    "Difficulty",
    "Call",
    "Kind",
    "Person called about",
    "Score",
    "Right person",
    "Verified first",
    "Right action",
    "Nothing needless",
    "Seconds",
    "Ended as",
    "What to do better",
)

LONGEST_NAME = 60
"""Signs of a trainee's name that are kept."""

MOST = 50_000_000
"""Octets of a class file that is read: a hundred thousand calls and more."""

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Session:
    """Whose calls they are, and of which queue."""

    trainee: str
    seed: int
    difficulty: Difficulty


@dataclass(frozen=True, slots=True)
class Taken:
    """One call as the file has it."""

    trainee: str
    kind: str
    marks: Marks
    seconds: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Several calls of one trainee, or of one kind, added up.

    Attributes:
        name: of the trainee or of the kind.
        score: 0 to 100 on average.
        shares: of the points for each criterion, in per cent, in the order of `CRITERIA`.
        seconds: on average.
    """

    name: str
    calls: int
    score: int
    shares: tuple[int, int, int, int]
    seconds: int


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """What a class did.

    Attributes:
        trainees: the best first; kinds: the hardest first.
        unread: lines that are none of a class file.
    """

    trainees: tuple[Tally, ...]
    kinds: tuple[Tally, ...]
    unread: int


CRITERIA = ("Right person", "Verified first", "Right action", "Nothing needless")
"""What points are given for, in the order of `Marks`."""


def clean_trainee(name: str) -> str:
    """A name as the file and the screen have it: one harmless line, "Trainee" for none."""
    return " ".join(safe(name[: 10 * LONGEST_NAME]).split())[:LONGEST_NAME].strip() or "Trainee"


def append(path: Path, session: Session, number: int, outcome: Outcome, at: datetime) -> None:
    """Add one call; whoever writes at the same time comes before or after. Raises Invalid for `file`."""
    marks = outcome.marks
    cells = (
        f"{at.astimezone():%Y-%m-%d %H:%M}",
        clean_trainee(session.trainee),
        str(session.seed),
        session.difficulty.value,
        str(number),
        outcome.case.kind.value,
        outcome.case.name,
        str(outcome.score),
        str(marks.person),
        str(marks.verified),
        str(marks.action),
        str(marks.needless),
        str(outcome.call.seconds),
        outcome.call.ending.value,
        " ".join(outcome.better),
    )
    with _told(path), _locked(path), _opened(path, os.O_RDWR | os.O_APPEND | os.O_CREAT) as handle:
        size = os.fstat(handle).st_size
        # A line that somebody's crash left half written must not take this one with it.
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        if size:
            _check_header(path, os.pread(handle, 4096, 0).decode("utf-8", "replace"))
        text = ("" if size else _BOM + _line(HEADER)) + ("\r\n" if torn else "") + _line(cells)
        os.write(handle, text.encode())
        os.fsync(handle)


def check_file(path: Path) -> None:
    """Whether calls can be added; a file that is not there yet is made. Raises Invalid for `file`."""
    with _told(path), _locked(path), _opened(path, os.O_RDWR | os.O_APPEND | os.O_CREAT) as handle:
        if os.fstat(handle).st_size:
            _check_header(path, os.pread(handle, 4096, 0).decode("utf-8", "replace"))


def summary(path: Path) -> ClassSummary:
    """The class as the file has it. Raises Invalid for `file`."""
    taken, unread = _read(path)
    by_trainee: dict[str, list[Taken]] = {}
    by_kind: dict[str, list[Taken]] = {}
    for call in taken:
        by_trainee.setdefault(call.trainee.casefold(), []).append(call)
        by_kind.setdefault(call.kind, []).append(call)
    trainees = sorted(
        (_tally(calls[0].trainee, calls) for calls in by_trainee.values()), key=lambda one: (-one.score, one.name)
    )
    kinds = sorted((_tally(kind, calls) for kind, calls in by_kind.items()), key=lambda one: (one.score, one.name))
    return ClassSummary(tuple(trainees), tuple(kinds), unread)


def _read(path: Path) -> tuple[list[Taken], int]:
    with _told(path), _opened(path, os.O_RDONLY) as handle:
        if os.fstat(handle).st_size > MOST:
            raise Invalid({"file": f"{path} is too large for the file of a class. Name another one."})
        with os.fdopen(os.dup(handle), "r", encoding="utf-8-sig", errors="replace", newline="") as file:
            text = file.read()
    if text:
        _check_header(path, text)
    taken: list[Taken] = []
    unread = 0
    for cells in csv.reader(io.StringIO(text)):
        call = _taken(cells)
        if call is not None:
            taken.append(call)
        elif cells and tuple(cells) != HEADER:
            unread += 1
    return taken, unread


def _taken(cells: Sequence[str]) -> Taken | None:
    """The call in a line; None for a line that is none, or that no program wrote so."""
    if len(cells) != len(HEADER):
        return None
    told = dict(zip(HEADER, map(unprotect, cells), strict=True))
    try:
        points = [int(told[name]) for name in CRITERIA]
        seconds = int(told["Seconds"])
    except ValueError:
        return None
    full = (FULL.person, FULL.verified, FULL.action, FULL.needless)
    if seconds < 0 or any(not 0 <= mark <= most for mark, most in zip(points, full, strict=True)):
        return None
    return Taken(clean_trainee(told["Trainee"]), safe(told["Kind"])[:LONGEST_NAME], Marks(*points), seconds)


def _tally(name: str, calls: Sequence[Taken]) -> Tally:
    def share(criterion: str, full: int) -> int:
        gained = sum(int(getattr(call.marks, criterion)) for call in calls)
        return round(100 * gained / (full * len(calls)))

    return Tally(
        name=name,
        calls=len(calls),
        score=round(sum(call.marks.total for call in calls) / len(calls)),
        shares=(
            share("person", FULL.person),
            share("verified", FULL.verified),
            share("action", FULL.action),
            share("needless", FULL.needless),
        ),
        seconds=round(sum(call.seconds for call in calls) / len(calls)),
    )


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([protect(safe(cell)) for cell in cells])
    return text.getvalue()


def _check_header(path: Path, text: str) -> None:
    if not text.removeprefix(_BOM).startswith(_line(HEADER).rstrip()):
        raise Invalid({"file": f"{path} is not the file of a class: its first line is another one. Name another file."})


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Everybody else waits; beside the file, because a spreadsheet puts another one in its place when it saves."""
    if path.exists() and not path.is_file():
        raise _no_file(path)
    with _opened(path.with_name(f".{path.name[:200]}.lock"), os.O_RDWR | os.O_CREAT) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    # A class may share a folder: who else may write is for its owner to say (umask), never for everybody.
    # Without O_NONBLOCK a named pipe in its place would hang the call.
    handle = os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW, 0o660)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _no_file(path)
        yield handle
    finally:
        os.close(handle)


def _no_file(path: Path) -> Invalid:
    return Invalid({"file": f"{path} is no ordinary file. Name another one."})


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) else str(error)
        raise Invalid({"file": f"{path} cannot be used: {words}. Name another file, or make room for it."}) from error
