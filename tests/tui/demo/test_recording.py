"""What is recorded, and what is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.errors import Refused
from tui.demo.recording import LONGEST_PAUSE, Recording


class Hand:
    """A clock that is put by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_line_tells_when_and_what_and_can_be_read_before_the_end(tmp_path: Path) -> None:
    clock = Hand()
    recording = Recording(tmp_path / "a.cast", (120, 40), "first login", clock)
    clock.now += 0.5
    recording.output("\x1b[1mHallo ▲")
    recording.marker("no-account")
    recording.resized(80, 24)
    header, *events = lines(tmp_path / "a.cast")
    assert (header["version"], header["width"], header["height"], header["title"]) == (2, 120, 40, "first login")
    assert events == [[0.5, "o", "\x1b[1mHallo ▲"], [0.5, "m", "no-account"], [0.5, "r", "80x24"]]
    recording.close()


def test_nobody_watches_a_trainer_who_has_gone_for_coffee(tmp_path: Path) -> None:
    clock = Hand()
    recording = Recording(tmp_path / "a.cast", (120, 40), "", clock)
    clock.now += 600
    recording.output("a")
    clock.now += 1
    recording.output("b")
    assert [event[0] for event in lines(tmp_path / "a.cast")[1:]] == [LONGEST_PAUSE, LONGEST_PAUSE + 1]
    recording.close()


def test_what_asks_the_terminal_for_an_answer_is_not_recorded(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.cast", (120, 40), "")
    for asked in ("\x1b[?1003h", "\x1b[?2026$p", "\x1b[>1u", "\x1b[?2004h", "\x1b[?1004l"):
        recording.output(asked)
    recording.output("\x1b[?1049h\x1b[?1003hx")
    assert [event[2] for event in lines(tmp_path / "a.cast")[1:]] == ["\x1b[?1049hx"]
    recording.close()


def test_no_file_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.cast").write_text("mine")
    with pytest.raises(Refused, match="is there already"):
        Recording(tmp_path / "a.cast", (80, 24), "")
    with pytest.raises(Refused, match="cannot be written"):
        Recording(tmp_path / "nowhere" / "a.cast", (80, 24), "")
    assert (tmp_path / "a.cast").read_text() == "mine"


def test_a_full_disk_ends_the_recording_and_not_the_play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The kernel's own disk that is always full.
    monkeypatch.setattr(Path, "open", lambda path, *_, **how: open("/dev/full", "w", **how))  # noqa: PTH123, SIM115
    recording = Recording(tmp_path / "a.cast", (80, 24), "")
    recording.output("x")
    recording.close()
    assert recording.problem == f"The recording {tmp_path / 'a.cast'} ends here: No space left on device."
