"""The lines of a chat: mere text whatever stands in them, new ones marked, the end followed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from models.states import HelpAuthor
from screens.widgets.chat_lines import ChatLines
from services.help_queue.values import ChatLine
from tests.screens.hostile import HOSTILE, is_harmless
from tests.settling import screen_text, until

BEGAN = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
ANN, BRENT = (HelpAuthor.AGENT, "Ann"), (HelpAuthor.PERSON, "Brent")


def said(number: int, who: tuple[HelpAuthor, str], words: str, *, minutes: int = 0) -> ChatLine:
    """A line, so many minutes after the first one."""
    return ChatLine(number, *who, words, BEGAN + timedelta(minutes=minutes))


class Chat(App[None]):
    """Nothing but the lines."""

    def compose(self) -> ComposeResult:
        yield ChatLines()


@asynccontextmanager
async def chat(height: int = 12) -> AsyncIterator[tuple[Pilot[Any], ChatLines]]:
    """The lines, as the person who asked sees them."""
    app = Chat()
    async with app.run_test(size=(60, height)) as pilot:
        yield pilot, app.query_one(ChatLines)


async def test_what_is_said_is_mere_text_and_nothing_of_it_is_cut() -> None:
    async with chat(20) as (pilot, lines):
        lines.show([said(1, (HelpAuthor.AGENT, HOSTILE[:40]), HOSTILE), said(2, BRENT, "W" * 200)], HelpAuthor.PERSON)
        await until(pilot, lambda: "You  " in screen_text(pilot))
        assert is_harmless(pilot)
        assert screen_text(pilot).count("W") == 200


async def test_a_line_that_comes_is_marked_until_it_is_seen_and_no_line_stands_there_twice() -> None:
    async with chat() as (pilot, lines):
        both = [said(1, BRENT, "Hello?"), said(2, ANN, "Good morning.")]
        lines.show(both[:1], HelpAuthor.PERSON)
        lines.show(both, HelpAuthor.PERSON)
        lines.show(both, HelpAuthor.PERSON)
        await until(pilot, lambda: "● Good morning." in screen_text(pilot))
        assert screen_text(pilot).count("Hello?") == 1
        lines.seen()
        await until(pilot, lambda: "●" not in screen_text(pilot))
        assert "Good morning." in screen_text(pilot)


async def test_the_first_answer_to_somebody_who_waits_is_new() -> None:
    async with chat() as (pilot, lines):
        lines.show([], HelpAuthor.PERSON)
        lines.show([said(1, ANN, "Good morning.")], HelpAuthor.PERSON)
        await until(pilot, lambda: "● Good morning." in screen_text(pilot))


async def test_whoever_has_scrolled_up_stays_there_and_hears_of_new_lines_until_they_speak() -> None:
    async with chat() as (pilot, lines):
        long = [said(number, ANN, f"line {number}") for number in range(1, 31)]
        lines.show(long, HelpAuthor.PERSON)
        await until(pilot, lambda: "line 30" in screen_text(pilot))
        lines.room.focus()
        await pilot.press("home")
        await until(pilot, lambda: "line 1\n" in screen_text(pilot))
        lines.show([*long, said(31, ANN, "line 31")], HelpAuthor.PERSON)
        await until(pilot, lambda: "▼ 1 new line below" in screen_text(pilot))
        assert "line 31" not in screen_text(pilot)
        lines.show([*long, said(31, ANN, "line 31"), said(32, BRENT, "mine")], HelpAuthor.PERSON)
        await until(pilot, lambda: "mine" in screen_text(pilot) and "below" not in screen_text(pilot))


async def test_headings_name_who_speaks_when_and_on_which_day() -> None:
    async with chat(24) as (pilot, lines):
        lines.show(
            [
                said(1, BRENT, "one"),
                said(2, BRENT, "two", minutes=4),
                said(3, BRENT, "three", minutes=20),
                said(4, (HelpAuthor.NOTE, "Ann"), "careful", minutes=21),
                said(5, (HelpAuthor.DESK, ""), "Ann is here.", minutes=2 * 24 * 60),
            ],
            HelpAuthor.AGENT,
            "Eve",
        )
        await until(pilot, lambda: "Ann is here." in screen_text(pilot))
        text = screen_text(pilot)
        assert text.count("Brent  ") == 2
        assert "Note by Ann, for colleagues only" in text
        assert (text.count("Mar 5"), text.count("Mar 7")) == (1, 1)
