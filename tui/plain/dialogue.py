"""Saying and asking: whole lines without a control sequence, one thought on each, answered by typing a line."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Callable, Sequence
from typing import TypeVar

from services.credentials.passwords import Secret
from services.text import safe
from tui.plain.lines import Idle, Lines

T = TypeVar("T")

WIDTH = 78
"""Signs of a line at most: no terminal and no braille display of 80 breaks it once more."""

SECOND = 1.0
"""How often somebody who listens hears what is new."""

NOTHING = "-"
"""What is typed for a field that shall be empty, as an empty line only repeats the question."""

WAYS_OUT = "Type b to go back, q to leave Trakdesk, ? to hear this again."

_AS_SPOKEN = str.maketrans(
    {"“": '"', "”": '"', "’": "'", "…": "...", "→": "to", "—": "-", "–": "-"} | dict.fromkeys("•●○◐▲■□✓✗", "")
)
_SENTENCES = re.compile(r'(?<=[.?]) (?=[A-Z"])')


class Back(Exception):
    """Somebody typed b: one step back."""


class Leave(Exception):
    """Somebody typed q, or there is nothing more to read."""


class HungUp(BaseException):
    """The terminal has gone, or the process is asked to end: nothing is said any more."""


def as_spoken(text: str) -> str:
    """The text as it is listened to: on one line, without signs that are only drawn."""
    plain = safe(text).replace(" · ", ", ").translate(_AS_SPOKEN)
    return " ".join(plain.split())


class Dialogue:
    """One terminal, or one pair of pipes.

    Attributes:
        patience: gives the seconds after which `idle` is called while somebody thinks; None for never.
        idle: what happens then; afterwards the question is asked again.
    """

    def __init__(self, lines: Lines, write: Callable[[str], None]) -> None:
        """`write` takes whole texts, and may raise OSError when nobody reads them any more."""
        self._lines = lines
        self._write_text = write
        self.patience: Callable[[], float | None] = lambda: None
        self.idle: Callable[[], None] = lambda: None

    def say(self, *thoughts: str) -> None:
        """Each of them on a line of its own, or on several of at most `WIDTH` signs."""
        for thought in thoughts:
            for line in textwrap.wrap(as_spoken(thought), WIDTH, break_on_hyphens=False):
                self._write(f"{line}\n")

    def say_each(self, *paragraphs: str) -> None:
        """Sentence by sentence; for texts of ours, since a name may look like the end of a sentence."""
        for paragraph in paragraphs:
            self.say(*_SENTENCES.split(paragraph.replace("\n", " ")))

    def ask(self, question: str, *, about: Sequence[str] = (), check: Callable[[str], str | None] | None = None) -> str:
        """What is typed, without blanks around it; an empty line asks again.

        Args:
            question: a few words, said without a colon.
            about: what `?` says besides the ways out.
            check: gives a sentence for what does not hold, and the question is asked again.

        Raises Back or Leave.
        """
        while True:
            typed = self._typed(question, about).strip()
            told = check(typed) if check is not None else None
            if told is None:
                return typed
            self.say(told)

    def ask_listening(self, question: str, look: Callable[[], bool], *, about: Sequence[str] = ()) -> str:
        """The same while something may be said in between: `look` is called once a second and tells whether it said it.

        Raises Back or Leave.
        """
        return self._typed(question, about, look=look).strip()

    def ask_secret(self, question: str, *, about: Sequence[str] = ()) -> Secret:
        """The same for what nobody shall read over the shoulder; blanks count. Raises Back or Leave."""
        return Secret(self._typed(question, about, hidden=True))

    def ask_optional(self, question: str, *, about: Sequence[str] = ()) -> str:
        """The same for what may be empty."""
        typed = self.ask(f"{question}, or {NOTHING} for none", about=about)
        return "" if typed == NOTHING else typed

    def choose(self, question: str, choices: Sequence[tuple[T, str]], *, listed: bool = True) -> T:
        """One of them, by its number.

        Args:
            question: what they are for.
            choices: value and words.
            listed: whether they are said at once, or only when somebody asks for them with `?`.

        Raises Back or Leave.
        """
        lines = [f"{number}: {words}" for number, (_, words) in enumerate(choices, 1)]
        if listed:
            self.say(*lines)

        def number_of(typed: str) -> str | None:
            if typed.isascii() and typed.isdecimal() and 1 <= int(typed[:9]) <= len(choices):
                return None
            return f"Type a number from 1 to {len(choices)}. {WAYS_OUT}"

        return choices[int(self.ask(question, about=lines, check=number_of)) - 1][0]

    def agree(self, question: str, *, about: Sequence[str] = ()) -> bool:
        """Yes or no. Raises Back or Leave."""

        def yes_or_no(typed: str) -> str | None:
            return None if typed.casefold() in ("y", "yes", "n", "no") else "Type y for yes or n for no."

        return self.ask(f"{question} y or n", about=about, check=yes_or_no).casefold().startswith("y")

    def _typed(
        self, question: str, about: Sequence[str], *, hidden: bool = False, look: Callable[[], bool] | None = None
    ) -> str:
        """The next line that is none of the three commands and not empty."""
        while True:
            try:
                line = self._answer(question, hidden=hidden, look=look)
            except Idle:
                self.idle()
                continue
            match line.strip().casefold():
                case "":
                    pass
                case "?":
                    self.say(*about, WAYS_OUT)
                case "b":
                    raise Back
                case "q":
                    raise Leave
                case _:
                    return line

    def _answer(self, question: str, *, hidden: bool, look: Callable[[], bool] | None) -> str:
        prompt = textwrap.wrap(f"{as_spoken(question)}:", WIDTH, break_on_hyphens=False)
        # Through a pipe nobody's Enter ends the line of the question.
        end = " " if self._lines.typed else "\n"
        try:
            if not hidden:
                self._write("\n".join(prompt) + end)
                return (
                    self._lines.next(self.patience()) if look is None else self._listen(look, "\n".join(prompt) + end)
                )
            with self._lines.hidden():
                # Not before nothing is shown any more: somebody quick answers at once.
                self._write("\n".join(prompt) + end)
                return self._lines.next(self.patience())
        except EOFError:
            raise Leave from None

    def _listen(self, look: Callable[[], bool], prompt: str) -> str:
        """The next line, with a look once a second before it. Raises Idle, or EOFError."""
        patience, waited = self.patience(), 0.0
        while True:
            try:
                return self._lines.next(SECOND)
            except Idle:
                waited += SECOND
                if patience is not None and waited >= patience:
                    raise
                if look():
                    self._write(prompt)

    def _write(self, text: str) -> None:
        try:
            self._write_text(text)
        except OSError:
            raise HungUp from None


def writer(descriptor: int, encoding: str) -> Callable[[str], None]:
    """Writes at once, so that nothing is left in a buffer when the reader goes away."""

    def write(text: str) -> None:
        left = text.encode(encoding, "replace")
        while left:
            left = left[os.write(descriptor, left) :]

    return write
