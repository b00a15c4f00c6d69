"""The trainer's file: whole lines from several trainees at once, and nothing that a spreadsheet would calculate."""

from __future__ import annotations

import csv
import fcntl
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services import person_key
from services.errors import Invalid
from services.practice.class_file import HEADER, LONGEST_NAME, Session, append, clean_trainee, summary
from services.practice.values import (
    FULL,
    Call,
    Caller,
    Case,
    Difficulty,
    Ending,
    Expected,
    Kind,
    Marks,
    Outcome,
)

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "[/x]",
    "a\nb\r\nc",
    "\x1b[31mred",
    "\u202eevil",
    'quo"te, comma',
    "x" * 5_000,
    " ",
]


def outcome(kind: Kind = Kind.FORGOTTEN, marks: Marks = FULL, name: str = "Brent Thomas", seconds: int = 80) -> Outcome:
    right = Expected((), frozenset({Ending.TOLD}), "Why.")
    case = Case(kind, person_key.client(1), name, Caller("Hello.", {}), right)
    better = () if marks == FULL else ("Still to be done: send a reset.",)
    return Outcome(case, Call(Ending.SOLVED, seconds=seconds), marks, better)


def of(trainee: str) -> Session:
    return Session(trainee, 7, Difficulty.MIXED)


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_first_call_brings_the_header_and_each_call_one_line(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    append(path, of("Ada"), 1, outcome(), AT)
    append(path, of("Ada"), 2, outcome(Kind.WAITING, Marks(25, 0, 30, 10)), AT)
    header, first, second = rows(path)
    assert tuple(header) == HEADER
    assert first[1:8] == ["Ada", "7", "mixed", "1", "forgotten password", "Brent Thomas", "100"]
    assert second[4:] == [
        *("2", "waiting after failures", "Brent Thomas", "65", "25", "0", "30", "10", "80", "solved"),
        "Still to be done: send a reset.",
    ]


def test_two_writers_at_once_leave_one_header_and_every_line_whole(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    start = threading.Barrier(4)

    def write(name: str) -> None:
        start.wait()
        for number in range(1, 26):
            append(path, of(name), number, outcome(), AT)

    writers = [threading.Thread(target=write, args=(f"Trainee {number}",)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    told = rows(path)
    assert [tuple(row) for row in told].count(HEADER) == 1
    assert {len(row) for row in told} == {len(HEADER)}
    assert sorted((row[1], int(row[4])) for row in told[1:]) == sorted(
        (f"Trainee {number}", call) for number in range(4) for call in range(1, 26)
    )


def test_a_writer_waits_for_another_who_is_not_done(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    with (tmp_path / ".class.csv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        writer = threading.Thread(target=append, args=(path, of("Ada"), 1, outcome(), AT))
        writer.start()
        writer.join(0.2)
        assert writer.is_alive()
        assert not path.exists()
    writer.join(30)
    assert len(rows(path)) == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_a_line_a_spreadsheet_or_a_terminal(tmp_path: Path, name: str) -> None:
    path = tmp_path / "class.csv"
    append(path, of(name), 1, outcome(name=name), AT)
    _, told = rows(path)
    for cell in (told[1], told[6]):
        assert not cell.startswith(("=", "+", "-", "@"))
        assert cell.isprintable()
    assert len(told[1]) <= LONGEST_NAME + 1
    assert summary(path).trainees[0].name == clean_trainee(name)


def test_a_line_that_a_crash_cut_off_takes_no_other_with_it(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    append(path, of("Ada"), 1, outcome(), AT)
    with path.open("a") as file:
        file.write("2026-11-21 10:00,Bob,7,mi")
    append(path, of("Cid"), 1, outcome(), AT)
    told = summary(path)
    assert ([one.name for one in told.trainees], told.unread) == (["Ada", "Cid"], 1)


def test_a_file_of_something_else_is_neither_written_nor_read(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("First Name,Last Name\nBrent,Thomas\n")
    for use in (lambda: append(path, of("Ada"), 1, outcome(), AT), lambda: summary(path)):
        with pytest.raises(Invalid) as refusal:
            use()
        assert "not the file of a class" in refusal.value.problems["file"]
    assert path.read_text() == "First Name,Last Name\nBrent,Thomas\n"


@pytest.mark.parametrize("place", ["nowhere/class.csv", "pipe", "folder", "link"])
def test_what_is_no_file_is_refused_in_words(tmp_path: Path, place: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(Invalid) as refusal:
        append(tmp_path / place, of("Ada"), 1, outcome(), AT)
    assert "Name another" in refusal.value.problems["file"]
    assert not (tmp_path / "elsewhere.csv").exists()
    assert not (tmp_path / ".pipe.lock").exists()


def test_a_class_is_added_up_by_trainee_and_by_kind(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    append(path, of("Ada"), 1, outcome(), AT)
    append(path, of("ada"), 2, outcome(Kind.IMPOSTOR, Marks(25, 0, 15, 20), seconds=40), AT)
    append(path, of("Bob"), 1, outcome(Kind.IMPOSTOR, Marks(0, 0, 0, 0)), AT)
    told = summary(path)
    assert [(one.name, one.calls, one.score, one.shares, one.seconds) for one in told.trainees] == [
        ("Ada", 2, 80, (100, 50, 75, 100), 60),
        ("Bob", 1, 0, (0, 0, 0, 0), 80),
    ]
    assert [(one.name, one.calls, one.score) for one in told.kinds] == [
        ("somebody else", 2, 30),
        ("forgotten password", 1, 100),
    ]


def test_points_that_no_call_can_have_are_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    append(path, of("Ada"), 1, outcome(), AT)
    told = path.read_text(encoding="utf-8-sig")
    path.write_text(told + told.splitlines()[1].replace(",100,25,25,30,20,", ",999,999,25,30,20,") + "\n")
    assert (summary(path).trainees[0].calls, summary(path).unread) == (1, 1)
