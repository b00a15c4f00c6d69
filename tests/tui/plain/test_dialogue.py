"""Lines said and lines typed, without a desk behind them."""

from __future__ import annotations

import ctypes
import os
import pty
import select
import signal
import termios
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from services.credentials.passwords import Secret
from tests.talking import Typist
from tui.plain.dialogue import WAYS_OUT, Back, Dialogue, HungUp, Leave, as_spoken, writer
from tui.plain.lines import LONGEST, Idle, Lines

HOSTILE = "[/x]\x1b]52;c;eA==\x07\x1b[2J Zoë\u202egnp\u2066\r\n\x9b31m"


class Heard(Dialogue):
    """A dialogue whose words are kept."""

    def __init__(self, *answers: str) -> None:
        self.words: list[str] = []
        self.typist = Typist(answers)
        super().__init__(self.typist, self.words.append)

    @property
    def text(self) -> str:
        return "".join(self.words)


def test_an_empty_line_asks_again_and_blanks_around_an_answer_go() -> None:
    talk = Heard("", "  ", "  Brent Thomas ")
    assert talk.ask("Name") == "Brent Thomas"
    assert talk.text == "Name:\n" * 3


def test_a_question_mark_tells_what_can_be_done() -> None:
    talk = Heard("?", "x")
    talk.ask("Company code", about=("Your welcome mail names it.",))
    assert talk.text.splitlines()[1:3] == ["Your welcome mail names it.", WAYS_OUT]


@pytest.mark.parametrize(("typed", "way"), [("b", Back), (" Q ", Leave), (None, Leave)])
def test_b_goes_back_and_q_and_the_end_of_the_input_leave(typed: str | None, way: type[Exception]) -> None:
    for ask in (Dialogue.ask, Dialogue.ask_secret, Dialogue.agree):
        with pytest.raises(way):
            ask(Heard(*([typed] if typed else [])), "Well")


def test_what_does_not_hold_is_told_and_asked_again() -> None:
    talk = Heard("x", "4", "٣", "99999999999999999999", "2")
    assert talk.choose("Number", [("one", "the first"), ("two", "the second")]) == "two"
    assert talk.text.count("Type a number from 1 to 2.") == 4
    assert talk.text.startswith("1: the first\n2: the second\n")


def test_blanks_of_a_password_count() -> None:
    assert Heard(" two words ").ask_secret("Password") == Secret(" two words ")


@pytest.mark.parametrize("text", [HOSTILE, "w" * 500, "x " * 300, "a-b" * 90, "漢字" * 60])
def test_whatever_is_said_has_no_control_sign_and_no_long_line(text: str) -> None:
    talk = Heard("y")
    talk.say(text)
    talk.say_each(text)
    talk.agree(text)
    for line in talk.text.splitlines():
        assert len(line) < 80
        assert line.isprintable()


def test_signs_that_are_only_drawn_are_not_said() -> None:
    assert as_spoken("● active · “well” … ▲ none") == 'active, "well" ... none'


def test_nobody_who_reads_any_more_ends_the_talk() -> None:
    reader, other = os.pipe()
    os.close(reader)
    talk = Dialogue(Typist(()), writer(other, "utf-8"))
    with pytest.raises(HungUp):
        talk.say("Anybody there?")
    os.close(other)


@pytest.fixture
def pipe() -> Iterator[tuple[Lines, Callable[[bytes], int], Callable[[], None]]]:
    reader, other = os.pipe()
    left = [other]
    yield Lines(reader), lambda sent: os.write(other, sent), lambda: os.close(left.pop())
    os.close(reader)
    for descriptor in left:
        os.close(descriptor)


Pipe = tuple[Lines, Callable[[bytes], int], Callable[[], None]]


def test_lines_that_come_together_are_read_one_by_one_and_the_last_needs_no_end(pipe: Pipe) -> None:
    lines, send, close = pipe
    send(b"eins\r\nzwei\n\ndrei")
    close()
    assert [lines.next() for _ in range(4)] == ["eins", "zwei", "", "drei"]
    with pytest.raises(EOFError):
        lines.next()


def test_what_is_no_text_and_what_has_no_end_does_no_harm(pipe: Pipe) -> None:
    lines, send, _ = pipe
    send(b"\xff\xfe\n" + b"y" * 3 * LONGEST + b"\nnext\n")
    assert lines.next() == "\ufffd\ufffd"
    assert lines.next() == "y" * LONGEST
    assert lines.next() == "next"


def test_patience_ends(pipe: Pipe) -> None:
    with pytest.raises(Idle):
        pipe[0].next(0.01)


def test_a_signal_between_the_last_look_for_signals_and_the_wait_is_heard_at_once(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, send, _ = pipe
    wait = select.select

    class Late:
        """Asked for its number inside the system's wait, when Python itself looks no more."""

        fileno = partial(ctypes.CDLL(None)["raise"], signal.SIGUSR1)

    def signalled(reading: list[int], *_: object) -> Any:
        monkeypatch.setattr(select, "select", wait)
        return wait(reading, [], [Late()], 5)

    monkeypatch.setattr(select, "select", signalled)
    before = signal.signal(signal.SIGUSR1, lambda *_: send(b"heard\n"))
    try:
        assert lines.next(5) == "heard"
    finally:
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize("end", [None, HungUp])
def test_a_terminal_shows_no_password_and_shows_everything_afterwards(end: type[BaseException] | None) -> None:
    master, slave = pty.openpty()
    lines, echo = Lines(slave), termios.ECHO
    seen = []

    def write(text: str) -> None:
        seen.append(bool(termios.tcgetattr(slave)[3] & echo))
        if end:
            raise end

    os.write(master, b"plum orbit\n")
    try:
        talk = Dialogue(lines, write)
        if end:
            with pytest.raises(end):
                talk.ask_secret("Password")
        else:
            assert talk.ask_secret("Password") == Secret("plum orbit")
        assert seen == [False]
        assert termios.tcgetattr(slave)[3] & echo
    finally:
        os.close(master)
        os.close(slave)
