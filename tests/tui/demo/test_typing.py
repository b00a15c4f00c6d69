"""Keys, pastes and clicks, as octets that a program in a terminal reads back as the same."""

from __future__ import annotations

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from tui.demo import typing

KEYS = [
    *("a", "Z", "é", "7", "slash", "question_mark", "space"),
    *("enter", "tab", "shift+tab", "escape", "backspace", "delete", "insert"),
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
    *(f"f{number}" for number in range(1, 13)),
    *("ctrl+l", "ctrl+q", "ctrl+u", "ctrl+p", "ctrl+c"),
    *("shift+up", "ctrl+right", "shift+end", "ctrl+home", "ctrl+delete"),
]
SIGNS = {"slash": "/", "question_mark": "?", "space": " "}


def read(octets: str) -> list[Message]:
    """What a Textual program makes of octets."""
    parser = XTermParser()
    return [*parser.feed(octets), *parser.tick(), *parser.feed("")]


@pytest.mark.parametrize("name", KEYS)
def test_a_key_arrives_as_the_same_key(name: str) -> None:
    character = SIGNS.get(name, name if len(name) == 1 else None)
    octets = typing.of_key(events.Key(name, character))
    if name == "escape":
        assert octets == "\x1b"
        return
    [key] = [event for event in read(octets) if isinstance(event, events.Key)]
    assert key.key == name or key.character == character is not None


def test_a_key_that_no_terminal_knows_sends_nothing() -> None:
    assert typing.of_key(events.Key("ctrl+shift+super+f19", None)) == ""


def test_a_paste_arrives_whole_and_without_escape_sequences() -> None:
    octets = typing.of_paste("two\nlines\x1b[201~rm", marked=True)
    [paste] = [event for event in read(octets) if isinstance(event, events.Paste)]
    assert paste.text == "two\nlines[201~rm"
    assert typing.of_paste("plain", marked=False) == "plain"


@pytest.mark.parametrize(
    "kind", [events.MouseDown, events.MouseUp, events.MouseMove, events.MouseScrollUp, events.MouseScrollDown]
)
def test_the_mouse_arrives_where_it_was(kind: type[events.MouseEvent]) -> None:
    wheel = kind in (events.MouseScrollUp, events.MouseScrollDown)
    button = 0 if wheel or kind is events.MouseMove else 1
    event = kind(None, 7, 3, 0, 0, button, False, False, False)  # type: ignore[arg-type] # no widget is needed
    [arrived] = [one for one in read(typing.of_mouse(event)) if isinstance(one, events.MouseEvent)]
    assert type(arrived) is kind
    assert (arrived.x, arrived.y) == (7, 3)
    assert wheel or arrived.button == button
