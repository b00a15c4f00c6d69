"""What is typed reaches the application, wherever it is cut."""

from __future__ import annotations

import pytest
from textual import events
from textual.message import Message

from tui.kiosk.typed import Typed
from tui.kiosk.typing_in import TypingIn


@pytest.mark.parametrize("cut", range(1, 6))
def test_the_mark_of_a_paste_in_two_pieces_makes_nobody_deaf(cut: int) -> None:
    passed: list[Message] = []
    typing = TypingIn(passed.append, lambda: None, Typed())
    typing.feed(b"\x1b[200~"[:cut])
    typing.paused()
    typing.feed(b"\x1b[200~"[cut:])
    typing.feed(b"abc")
    assert [event.key for event in passed if isinstance(event, events.Key)][-3:] == ["a", "b", "c"]
