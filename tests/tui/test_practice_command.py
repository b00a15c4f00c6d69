"""`trakdesk demo practice`: what is refused before the stage opens, and what a class has done."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.practice.class_file import append, check_file
from services.practice.values import Kind, Marks
from tests.services.practice.test_class_file import AT, of, outcome
from tui import exits
from tui.cli import main


def practice(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main(["demo", "practice", *map(str, words)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_class_is_printed_within_eighty_columns(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    for number, kind in enumerate(Kind, 1):
        append(path, of("=Ada [/x] \x1b[31m" + "x" * 200), number, outcome(kind, Marks(25, 25, 15, 0)), AT)
    append(path, of("Bob"), 1, outcome(), AT)
    code, out, err = practice(capsys, "--class", path, "--summary")
    assert (code, err) == (exits.DONE, "")
    assert all(len(line) <= 80 and line.isprintable() for line in out.splitlines())
    lines = out.splitlines()
    assert lines[1].split() == ["Bob", "1", "100", *("100", "%") * 4, "1:20"]
    assert lines[2].startswith("=Ada [/x]")
    assert sum("lost phone" in line for line in lines) == 1


def test_a_class_that_has_done_nothing_yet_needs_a_look(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    check_file(tmp_path / "class.csv")
    code, out, _ = practice(capsys, "--class", tmp_path / "class.csv", "--summary")
    assert (code, "Nobody" in out) == (exits.NEEDS_A_LOOK, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--summary",), "--summary: Name the file"),
        (("--summary", "--class", "nowhere.csv"), "--class: nowhere.csv cannot be used"),
        (("--callers", "0"), "--callers: Write a number from 1 to 30."),
        (("--class", "/"), "--class: /"),
        ((), "needs a terminal"),
    ],
)
def test_what_cannot_be_is_said_before_the_stage_opens(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    code, out, err = practice(capsys, *words)
    assert (code, out, told in err) == (exits.NOT_DONE, "", True), err
