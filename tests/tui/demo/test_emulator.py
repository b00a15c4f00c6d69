"""What a terminal shows for what was written to it."""

from __future__ import annotations

import pytest

from tui.demo.emulator import MOUSE_MOVES, PASTE_MARKS, Emulator


def shown(*octets: bytes, size: tuple[int, int] = (20, 3)) -> Emulator:
    emulator = Emulator(*size)
    for piece in octets:
        emulator.feed(piece)
    return emulator


def test_words_stand_where_they_were_put() -> None:
    assert shown(b"\x1b[2;3Hhere").text() == "\n  here\n"


def test_a_line_has_the_colours_that_were_asked_for() -> None:
    strip = shown(b"\x1b[1;38;2;255;180;84;48;5;16mA\x1b[0mB").line(0)
    first, second = strip.crop(0, 1), strip.crop(1, 2)
    [segment] = first
    assert segment.style is not None
    assert segment.style.bold
    assert segment.style.color is not None
    assert segment.style.color.name == "#ffb454"
    [segment] = second
    assert segment.style is not None
    assert segment.style.color is None
    assert strip.cell_length == 20


@pytest.mark.parametrize("name", ["3", "93", "33;1", "90", "95", "35"])
def test_the_sixteen_colours_have_names_that_can_be_drawn(name: str) -> None:
    [segment, *_] = shown(f"\x1b[{name}mA".encode()).line(0)
    assert segment.style is not None


def test_only_rows_that_changed_are_told() -> None:
    emulator = shown(b"one\r\ntwo\r\nthree")
    assert emulator.feed(b"\x1b[2;1Hzwo") == [1]
    assert emulator.feed(b"\x1b[?25l") == []


def test_a_sequence_may_come_in_pieces() -> None:
    whole = b"\x1b[1;38;2;1;2;3mcol\x1b[?2026$p\x1b[<uoured\x1b[0m\x1b[2;1Hnext \xe2\x97\x8f"
    for cut in range(1, len(whole)):
        assert shown(whole[:cut], whole[cut:]).text() == "coloured\nnext ●\n", cut


def test_what_is_no_text_is_not_shown() -> None:
    private = b"\x1b[?2026$p\x1b[>1u\x1b[<u\x1bP+q544e\x1b\\\x1b]52;c;QUJD\x07\x1b[?2048h"
    assert shown(private + b"text").text() == "text\n\n"


def test_a_wide_sign_takes_two_cells() -> None:
    emulator = shown("日本x".encode())
    assert emulator.text().splitlines()[0] == "日本x"
    assert emulator.line(0).cell_length == 20


def test_modes_are_known_once_they_are_on() -> None:
    emulator = shown(b"\x1b[?1003h\x1b[?2004h")
    assert emulator.has(MOUSE_MOVES)
    assert emulator.has(PASTE_MARKS)
    emulator.feed(b"\x1b[?2004l")
    assert not emulator.has(PASTE_MARKS)


def test_another_size_cuts_or_adds() -> None:
    emulator = shown(b"a long line of it")
    emulator.resize(6, 2)
    assert emulator.size == (6, 2)
    assert emulator.line(0).cell_length == 6
    emulator.resize(30, 5)
    assert emulator.line(4).cell_length == 30


@pytest.mark.parametrize(
    "octets",
    [
        *(bytes(range(256)), b"\x1b" * 300, b"\x1b[" + b"9" * 3000 + b"m", b"\x1b[999999;1Hx"),
        # pyte's methods take neither a private one of these nor so many numbers.
        *(b"\x1b[?5A", b"\xc2\x9b?5;5H", b"\x1b[1;2;3A", b"\x1b[?1;2c", b"\x1b[?5\x071L"),
    ],
)
def test_nonsense_does_not_break_it(octets: bytes) -> None:
    emulator = shown(octets, b"\x1b[2J\x1b[Hstill there")
    assert len(emulator.text().split("\n")) == 3


@pytest.mark.parametrize(
    "octets",
    [
        *(b"\x1b]0;a title\x07", b"\x1b]52;c;QUJD\x1b\\", b"\x1b[c", b"\x1b[>c", b"\x1b[6n", b"\x1b[?6n"),
        *("\u202ea\u2066b".encode(), b"\x9b6n", b"a\x08\x07\x0eb", b"\xc2\x85\xc2\x90"),
    ],
)
def test_nothing_that_commands_a_terminal_goes_on_to_that_of_the_trainer(octets: bytes) -> None:
    emulator = shown(octets)
    drawn = "".join(segment.text for row in range(3) for segment in emulator.line(row))
    assert all(sign.isprintable() for sign in drawn), ascii(drawn)
    assert not any(segment.control for row in range(3) for segment in emulator.line(row))
