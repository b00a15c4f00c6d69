"""What whoever asked is told of their request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.states import HelpState
from services.help_queue.values import AskedHelp
from services.help_queue.words import asked_words, topic_of, wait_words


@pytest.mark.parametrize(
    ("usual", "words"),
    [
        (None, ""),
        (timedelta(seconds=20), "Somebody usually answers within a minute."),
        (timedelta(seconds=80), "Somebody usually answers within 2 minutes."),
        (timedelta(minutes=59, seconds=30), "Somebody usually answers within 60 minutes."),
        (timedelta(hours=1), "Somebody usually answers within the hour."),
        (timedelta(hours=2, minutes=5), "It usually takes up to 3 hours."),
    ],
)
def test_the_usual_wait_is_never_promised_too_short(usual: timedelta | None, words: str) -> None:
    assert wait_words(usual) == words


@pytest.mark.parametrize(
    ("state", "position", "agent", "words"),
    [
        (HelpState.WAITING, 1, "", "Your request is with the agents. You are next."),
        (HelpState.WAITING, 3, "", "Your request is with the agents. You are number 3."),
        (HelpState.WAITING, 0, "", "Your request is with the agents."),
        (HelpState.TAKEN, 0, "Ann\x1b", "Ann is helping you."),
        (HelpState.TAKEN, 0, "", "An agent is helping you."),
        (HelpState.CLOSED, 0, "", "This request is closed."),
    ],
)
def test_a_request_says_where_it_stands(state: HelpState, position: int, agent: str, words: str) -> None:
    assert asked_words(AskedHelp(state, "Nora", "topic", agent, position, None, ())) == words


def test_a_topic_is_a_usual_one_own_words_or_both() -> None:
    assert topic_of("Lost phone", " yesterday ") == "Lost phone: yesterday"
    assert (topic_of("", "the door"), topic_of("Lost phone", "")) == ("the door", "Lost phone")
