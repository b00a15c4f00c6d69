"""A trainee works a queue of callers by hand, at the real desk beside the caller, and the trainer gets the file."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.surfaces.conftest import TRAKDESK
from tests.surfaces.shots.stage import find
from tests.surfaces.term import Term
from tui.demo.practice_view import QUESTIONS
from tui.demo.practice_words import ASKED

HOSTILE = '=Ada [/x] \x1b[31m"quoted", O\'Hara'
QUEUE = ("--callers", "3", "--seed", "7")
"""Two people of one name, a forgotten password and a lost phone; the scores say so."""


class Trainee:
    """Somebody at the stage: the desk on the left, the caller beside it or one key away."""

    def __init__(self, term: Term) -> None:
        self.term = term

    def turn(self) -> Trainee:
        """To the caller, or back to the desk."""
        self.term.key("ctrl+t").settle(0.4, 5)
        return self

    def ask(self, key: str) -> str:
        """What the caller answers; what was asked stands above it."""
        question = ASKED[QUESTIONS[key][0]]
        self.term.type(key).expect(f"You: {question}"[:30], 20).settle(0.3, 5)
        # Beside the desk the panel is the last part of each line.
        said = " ".join(line.rpartition("▏")[2].strip() for line in self.term.text.splitlines())
        answer = re.search(re.escape(question) + " “([^”]*)”", said)
        assert answer, self.term.text
        return answer[1].removesuffix(".")

    def find(self, words: str) -> None:
        """The one whom these words find, under the cursor."""
        find(self.term, words)

    def end(self, key: str, score: str) -> str:
        """End the call; the page of its score."""
        self.term.type("x").expect("What was this call", 10).type(key).expect(score, 20).settle(0.4, 5)
        return str(self.term.text)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_a_queue_of_three_is_worked_by_hand(tmp_path: Path, size: tuple[int, int]) -> None:
    file = tmp_path / "class.csv"
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(tmp_path), "TZ": "UTC"}
    words = [TRAKDESK, "demo", "practice", *QUEUE, "--trainee", HOSTILE, "--class", str(file)]
    with Term(words, *size, env=environment) as term:
        trainee = Trainee(term)
        term.expect("Caller 1 of 3", 60).expect("The telephone rings")

        # Two people have this name; the address says which one calls.
        mail = trainee.ask("e")
        trainee.turn().find(mail)
        term.key("r").expect("Send Elizabeth Henry a reset", 20).key("enter").expect("on its way to", 20)
        assert "Nothing to do better." in trainee.turn().end("s", "two people of one name")

        # Acted upon a name alone, and ended as what it was not.
        term.key("enter").expect("Caller 2 of 3", 20)
        name = trainee.ask("n")
        trainee.turn().find(name)
        term.key("r").expect("a reset?", 20).key("enter").expect(f"for {name.split()[0]}", 20)
        told = trainee.turn().end("r", "forgotten password")
        assert "65" in told
        assert "A name is not enough" in told

        # Known in two ways: what the caller answers, and what is read out of the mail.
        term.key("enter").expect("Caller 3 of 3", 20)
        name = trainee.ask("n")
        answers = [trainee.ask(key) for key in "123"]
        trainee.turn().find(name)
        term.key("x").expect("Needed for this: two ways", 20).key("q").settle(0.5, 5)
        for answer in answers:
            term.type(answer).key("enter").settle(0.3, 5)
        term.expect("enough for changing the", 20).key("c").expect("The code ends in", 20)
        digits = re.sub(r"\D", "", trainee.turn().ask("c"))
        trainee.turn()
        term.type(digits).key("enter").expect("second factor of", 20)
        term.type("the phone is lost").key("enter").expect("Clear the second factor", 20).key("y")
        term.expect("has been cleared", 20)
        assert "Nothing to do better." in trainee.turn().end("s", "lost phone")

        term.key("enter").expect("The whole queue", 20).expect("88").expect("Verified first      25")
        term.key("q").gone(20)
        assert "88 of 100 in 3 of 3 calls (3 mixed callers" in term.text

    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))[1:]
    assert [(row[4], row[5], row[7]) for row in rows] == [
        ("1", "two people of one name", "100"),
        ("2", "forgotten password", "65"),
        ("3", "lost phone", "100"),
    ]
    assert all(row[1].startswith("'=Ada [/x]") and row[1].isprintable() for row in rows)
