"""What a kiosk takes of the octets that come from its terminal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.kiosk.typed import BURST, LONGEST_PASTE, PASTE_PATIENCE, Allowance, Pasted, Typed, harmless

BEGIN, END = b"\x1b[200~", b"\x1b[201~"


def read(*parts: bytes) -> list[str | Pasted]:
    """Everything that these reads hold, and what is left once nothing comes any more."""
    typed = Typed()
    found = [what for part in parts for what in typed.feed(part, 0.0)]
    return [*found, *typed.tick(PASTE_PATIENCE)]


@pytest.mark.parametrize(
    ("octets", "wanted"),
    [
        (b"abc", ["abc"]),
        (b"\x1b", ["\x1b"]),
        (b"\x1b[A", ["\x1b[A"]),
        (BEGIN + b"hello" + END, [Pasted("hello")]),
        (b"a" + BEGIN + b"b" + END + b"c", ["a", Pasted("b"), "c"]),
        (BEGIN + b"a\x1b[31m\r\nb\0" + END, [Pasted("a[31mb")]),
        (BEGIN + END, []),
        (BEGIN + BEGIN + b"x" + END, [Pasted("[200~x")]),
        (END + b"x", [END.decode() + "x"]),
        (b"\xff\xfea", ["\N{REPLACEMENT CHARACTER}" * 2 + "a"]),
    ],
)
def test_keys_and_pastes_are_told_apart_wherever_the_octets_are_cut(octets: bytes, wanted: list[str | Pasted]) -> None:
    for cut in range(len(octets) + 1):
        assert joined(read(octets[:cut], octets[cut:])) == wanted


def joined(parts: list[str | Pasted]) -> list[str | Pasted]:
    """Text that only a cut has parted is one text."""
    whole: list[str | Pasted] = []
    for part in parts:
        if isinstance(part, str) and whole and isinstance(whole[-1], str):
            whole[-1] += part
        else:
            whole.append(part)
    return whole


def test_a_paste_that_never_ends_does_not_swallow_what_is_typed_later() -> None:
    typed = Typed()
    assert list(typed.feed(BEGIN + b"lost", 0.0)) == []
    assert list(typed.tick(PASTE_PATIENCE / 2)) == []
    assert list(typed.tick(PASTE_PATIENCE)) == [Pasted("lost")]
    assert list(typed.feed(b"typed", 2.0)) == ["typed"]


def test_nor_does_it_while_somebody_types_without_a_pause() -> None:
    typed = Typed()
    found = [what for key in range(20) for what in typed.feed(BEGIN if key == 0 else b"x", key * 0.5)]
    assert found == [Pasted("x" * 5), *["x"] * 14]


def test_of_a_pasted_megabyte_the_beginning_counts() -> None:
    [pasted] = read(BEGIN, *[b"x" * 4096] * 256, END)
    assert pasted == Pasted("x" * LONGEST_PASTE)


def test_a_paste_of_control_signs_alone_is_none() -> None:
    assert harmless("\r\n\t\x1b\x9b\ud800") == ""


@given(st.lists(st.binary(max_size=40)))
@settings(max_examples=100, deadline=None)
def test_whatever_comes_is_taken_and_typing_works_afterwards(parts: list[bytes]) -> None:
    typed = Typed()
    for part in parts:
        list(typed.feed(part, 0.0))
    list(typed.tick(PASTE_PATIENCE))
    # Half a sign of UTF-8 may still wait for its end.
    assert "".join(str(part) for part in typed.feed(b"ok", 2.0)).endswith("ok")


def test_a_flood_is_cut_off_until_it_pauses() -> None:
    allowance = Allowance()
    assert sum(allowance.take() for _ in range(5 * BURST)) == BURST
    allowance.paused()
    assert allowance.take()
