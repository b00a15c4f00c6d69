"""Reads what a page sends: pure functions from a text to a value, which trust nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from tui.portal.protocol import COLUMNS, LARGEST_LINK, LARGEST_MESSAGE, ROWS, Hello

_LARGEST_SECRET = 512
_LARGEST_THEME = 40
_LARGEST_REMEMBERED = 4096
_MOST_REMEMBERED = 20
_LARGEST_NAME = 40
_LARGEST_FILLED = 1024
_MOST_FILLED = 10
_LARGEST_PING = 40

_PLAIN = re.compile(r"[\x21-\x7e]*")
"""What a link, a way back and a ticket are made of."""


class Refused(Exception):
    """What came is no part of the protocol; it names the rule, never what came."""


@dataclass(frozen=True, slots=True)
class Message:
    """One text of a page: its word, and the value as JSON has it."""

    word: str
    value: Any


def read_message(text: str) -> Message:
    """Take a text apart. Raises Refused."""
    # As many octets as signs at least, so that a giant is not even encoded.
    if len(text) > LARGEST_MESSAGE or len(text.encode("utf-8", "surrogatepass")) > LARGEST_MESSAGE:
        raise Refused("too large")
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("no JSON") from error
    if not isinstance(read, list) or not 1 <= len(read) <= 2 or not isinstance(read[0], str):
        raise Refused("no list of a word and a value")
    return Message(read[0], read[1] if len(read) == 2 else None)


def read_hello(message: Message) -> Hello:
    """The first message of a page. Raises Refused."""
    if message.word != "hello":
        raise Refused("no hello")
    value = message.value
    if not isinstance(value, dict):
        raise Refused("no object")
    width, height = read_size(value)
    touch = value.get("touch", False)
    if not isinstance(touch, bool):
        raise Refused("touch")
    return Hello(
        width,
        height,
        link=_plain(value, "link", LARGEST_LINK),
        back=_plain(value, "back", _LARGEST_SECRET),
        ticket=_plain(value, "ticket", _LARGEST_SECRET),
        theme=_plain(value, "theme", _LARGEST_THEME),
        remembered=_remembered(value.get("remembered", {})),
        touch=touch,
    )


def read_size(value: object) -> tuple[int, int]:
    """Width and height, brought to the nearest that a terminal may have. Raises Refused."""
    if not isinstance(value, dict):
        raise Refused("no size")
    return _number(value.get("width"), COLUMNS), _number(value.get("height"), ROWS)


def read_typed(value: object) -> str:
    """What was typed. Raises Refused."""
    if not isinstance(value, str):
        raise Refused("stdin")
    return clean(value)


def read_filled(value: object) -> dict[str, str]:
    """What the browser's password manager has filled in. Raises Refused."""
    return _texts(value, _MOST_FILLED, _LARGEST_FILLED)


def read_ping(value: object) -> str:
    """What comes back with a `pong`. Raises Refused."""
    if not isinstance(value, str) or len(value) > _LARGEST_PING:
        raise Refused("ping")
    return clean(value)


def clean(text: str) -> str:
    """Without halves of signs, which JSON can write and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _number(value: object, allowed: tuple[int, int]) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise Refused("size")
    least, most = allowed
    return int(min(max(value, least), most))


def _plain(value: dict[str, Any], name: str, longest: int) -> str:
    text = value.get(name, "")
    if not isinstance(text, str) or len(text) > longest or not _PLAIN.fullmatch(text):
        raise Refused(name)
    return text


def _remembered(value: object) -> dict[str, str]:
    texts = _texts(value, _MOST_REMEMBERED, _LARGEST_REMEMBERED)
    if sum(map(len, texts.values())) > _LARGEST_REMEMBERED:
        raise Refused("remembered")
    return texts


def _texts(value: object, most: int, longest: int) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > most:
        raise Refused("texts")
    for name, text in value.items():
        if len(name) > _LARGEST_NAME or not isinstance(text, str) or len(text) > longest:
            raise Refused("texts")
    return {clean(name): clean(text) for name, text in value.items()}
