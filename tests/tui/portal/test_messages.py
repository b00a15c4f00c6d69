"""What a page sends, read by pure functions that trust nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.portal.messages import (
    Message,
    Refused,
    read_filled,
    read_hello,
    read_message,
    read_ping,
    read_size,
    read_typed,
)
from tui.portal.protocol import LARGEST_LINK, LARGEST_MESSAGE


def hello(**changed: Any) -> Message:
    return Message("hello", {"width": 80, "height": 24} | changed)


def test_a_whole_hello_is_read() -> None:
    told = {
        "link": "activate=abc",
        "back": "b",
        "ticket": "t",
        "theme": "light",
        "remembered": {"user_name": "a@b.c"},
        "touch": True,
    }
    read = read_hello(read_message(json.dumps(["hello", {"width": 40, "height": 20} | told])))
    assert (read.width, read.height, read.link, read.back, read.ticket) == (40, 20, "activate=abc", "b", "t")
    assert (read.theme, read.remembered, read.touch) == ("light", {"user_name": "a@b.c"}, True)


def test_a_hello_shows_no_secret_in_a_log() -> None:
    read = read_hello(hello(link="activate=SECRET", back="SECRET", ticket="SECRET"))
    assert "SECRET" not in repr(read)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[",
        "{}",
        "[]",
        "[1]",
        '["hello", {}, 3]',
        "[" * 30_000,
        '["a' + "x" * LARGEST_MESSAGE + '"]',
        '["' + "ä" * (LARGEST_MESSAGE - 10) + '"]',
    ],
)
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_message(text)


@pytest.mark.parametrize(
    "changed",
    [
        {"width": "80"},
        {"width": None},
        {"width": True},
        {"height": float("nan")},
        {"link": 7},
        {"link": "x" * (LARGEST_LINK + 1)},
        {"link": "activate=a b"},
        {"link": "activate=\x1b[2J"},
        {"back": "x" * 1_000_000},
        {"ticket": ["t"]},
        {"ticket": "ü"},
        {"theme": {}},
        {"touch": "yes"},
        {"touch": 1},
        {"remembered": "text"},
        {"remembered": {"user_name": 1}},
        {"remembered": {"x" * 41: "a"}},
        {"remembered": {str(number): "" for number in range(21)}},
        {"remembered": {"a": "x" * 4000, "b": "x" * 4000}},
    ],
)
def test_a_hello_with_a_wrong_part_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_hello(hello(**changed))


def test_another_first_word_is_refused() -> None:
    with pytest.raises(Refused):
        read_hello(Message("stdin", "x"))


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ((20_000, 5_000), (400, 150)),
        ((0, 0), (20, 8)),
        ((-5, 1e300), (20, 150)),
        ((float("inf"), float("-inf")), (400, 8)),
        ((80.9, 24), (80, 24)),
    ],
)
def test_a_size_is_brought_to_the_nearest_that_a_terminal_may_have(told: Any, read: tuple[int, int]) -> None:
    assert read_size({"width": told[0], "height": told[1]}) == read


def test_halves_of_signs_become_question_marks() -> None:
    text = read_message('["stdin", "a\\ud800b"]').value
    assert read_typed(text) == "a?b"
    assert read_filled({"user_name": text}) == {"user_name": "a?b"}


def test_a_ping_is_small() -> None:
    assert read_ping("17") == "17"
    with pytest.raises(Refused):
        read_ping("1" * 41)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(word=st.sampled_from(["hello", "stdin", "resize", "ping", "fill", "x"]), value=ANYTHING)
def test_nothing_but_a_refusal_comes_of_anything(word: str, value: object) -> None:
    try:
        message = read_message(json.dumps([word, value]))
        readers = {"hello": read_hello, "stdin": read_typed, "resize": read_size, "ping": read_ping}
        reader = readers.get(word, read_filled)
        reader(message if word == "hello" else message.value)  # type: ignore[operator]  # each has its own kind
    except Refused:
        pass
