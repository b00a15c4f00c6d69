"""Cells cut to width, and the last filter before the terminal."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.filter import LineFilter
from textual.widgets import Static

from screens.widgets.safe_text import SafeLines, fit, safe

ANY_TEXT = st.text(st.characters(codec=None, categories=None))
PAYLOADS = [
    "\x1b]0;PWN\x1b\\", "\x1b]52;c;UFdO\x1b\\", "\x1b[2J\x1b[H", "\x1bP$q\x1b\\", "\x9b2J", "a\x00b",
    "\u202eevil\u202c", "a\u200bb", "e" + "\u0301" * 50, "\U000e0041", "\ufeff", "\u2028", "\ue000x", "🇫🇷", "👩‍💻",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("Brent", 8, "Brent   "),
        ("Brent", 5, "Brent"),
        ("Brent Thomas", 8, "Brent T…"),
        ("Brent Thomas", 7, "Brent… "),
        ("山田太郎", 8, "山田太郎"),
        ("山田太郎", 7, "山田太…"),
        ("山田太郎", 6, "山田… "),
        ("Łukasz", 4, "Łuk…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
        ("anything", -3, ""),
        ("\u0301\u0301abc", 4, "abc "),
        ("a\nb\x1b[1m", 6, "a b[1m"),
    ],
)
def test_a_text_is_cut_or_padded_to_its_cells(text: str, cells: int, shown: str) -> None:
    assert fit(text, cells) == shown


def test_a_short_text_stands_where_it_is_told() -> None:
    assert fit("ab", 5, align="right") == "   ab"
    assert fit("ab", 5, align="center") == " ab  "


@given(ANY_TEXT, st.integers(0, 40), st.sampled_from(["left", "right", "center"]))
def test_whatever_the_text_the_width_is_exact_and_the_text_harmless(text: str, cells: int, align: str) -> None:
    shown = fit(text, cells, align=align)  # type: ignore[arg-type]
    assert cell_len(shown) == cells
    assert safe(shown) == shown


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_filter_makes_a_line_harmless_and_keeps_its_width(payload: str) -> None:
    style = Style(bold=True)
    (segment,) = SafeLines().apply([Segment(payload, style)], Color(0, 0, 0))
    assert safe(segment.text) == segment.text
    assert cell_len(segment.text) == cell_len(payload)
    assert segment.style == style


@given(ANY_TEXT)
def test_the_filter_keeps_the_width_of_any_text(text: str) -> None:
    (segment,) = SafeLines().apply([Segment(text)], Color(0, 0, 0))
    assert cell_len(segment.text) == cell_len(text)
    assert segment.text.isprintable()


def test_the_filter_hands_on_honest_segments_as_they_are() -> None:
    segments = [Segment("▌Brent Thomas ", Style(bold=True)), Segment("● active")]
    assert all(one is other for one, other in zip(SafeLines().apply(segments, Color(0, 0, 0)), segments, strict=True))


def test_the_filter_takes_away_a_link_that_smuggles_controls() -> None:
    segments = [
        Segment("a", Style(link="http://x\x1b\\\x1b]0;y\x07")),
        Segment("b", Style(link="https://portal.example")),
    ]
    bad, good = SafeLines().apply(segments, Color(0, 0, 0))
    assert bad.style is not None and bad.style.link is None
    assert good.style is not None and good.style.link == "https://portal.example"


class Wall(App[None]):
    """An app with the filter, showing text that somebody else's widget forgot to clean."""

    def __init__(self) -> None:
        super().__init__()
        self.safe_lines = SafeLines()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self.safe_lines]

    def compose(self) -> ComposeResult:
        yield Static("\n".join(payload.replace("\u2028", "") for payload in PAYLOADS), markup=False)


async def test_an_app_with_the_filter_paints_no_control() -> None:
    app = Wall()
    async with app.run_test() as pilot:
        await pilot.pause()
        lines = ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
    assert "PWN" in "".join(lines)
    assert all(safe(line) == line for line in lines)
