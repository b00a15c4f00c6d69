"""What the sign-in form remembers: one file for its owner, and no trouble from what stands in it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from services.remembered import Remembered, recall, remember


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file."""
    return tmp_path / "remembered.json"


def test_what_was_remembered_is_recalled(path: Path) -> None:
    remember(path, Remembered("919236", "sue@example.ca"))
    remember(path, Remembered("919236", "ann@example.ca"))
    assert recall(path) == Remembered("919236", "ann@example.ca")


def test_only_its_owner_reads_it(path: Path) -> None:
    path.write_text("old")
    path.chmod(0o644)
    remember(path, Remembered("919236", "sue@example.ca"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_but_the_file_is_left_behind(path: Path) -> None:
    remember(path, Remembered("919236", "sue@example.ca"))
    assert [file.name for file in path.parent.iterdir()] == ["remembered.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"company_code": 7, "user_name": ["x"]}',
        b'{"company_code": "a\\u001b]0;gone\\u0007", "user_name": "x\\ny"}',
        b'{"user_name": "' + b"x" * 5_000 + b'"}',
        b"[" * 3_000,
    ],
    ids=["empty", "half", "not text", "list", "null", "types", "signs", "long", "deep"],
)
def test_a_damaged_file_remembers_nothing(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert recall(path) == Remembered()


def test_no_file_remembers_nothing(path: Path) -> None:
    assert recall(path) == Remembered()


def test_half_of_it_is_better_than_nothing(path: Path) -> None:
    path.write_text('{"company_code": "919236"}')
    assert recall(path) == Remembered("919236", "")


def test_that_it_cannot_be_kept_stops_nobody(path: Path) -> None:
    remember(path.parent / "gone" / "remembered.json", Remembered("919236", "sue@example.ca"))
    path.mkdir()
    remember(path, Remembered("919236", "sue@example.ca"))
    assert [file.name for file in path.parent.iterdir()] == ["remembered.json"]
