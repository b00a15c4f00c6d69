"""The security questions, and which answers to them are taken."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.credentials.passwords import Passwords, Secret, Verdict, is_usable
from services.text import fold

QUESTIONS: Mapping[str, str] = {
    "first_street": "In which street did you live as a child?",
    "first_school": "What was the name of your first school?",
    "favourite_teacher": "Who was your favourite teacher at school?",
    "childhood_friend": "Who was your best friend as a child?",
    "first_pet": "What was the name of your first pet?",
    "grandmother": "What is your grandmother's first name?",
    "parents_met": "In which town did your parents meet?",
    "oldest_cousin": "What is your oldest cousin's first name?",
    "first_job": "In which town was your first job?",
    "first_employer": "Who was your first employer?",
    "first_car": "What was the model of your first car?",
    "first_concert": "Which concert did you go to first?",
    "childhood_hero": "Who was your hero when you were a child?",
    "first_flight": "Where did your first flight take you?",
    "first_book": "Which book did you first love to read?",
    "childhood_meal": "What did you refuse to eat as a child?",
}
"""What people choose from, by the key that the database keeps; a question once used keeps its key and its meaning."""

NEEDED = 3
"""How many everybody answers."""

SHORTEST = 3
LONGEST = 100
"""Signs of an answer: letters and digits that count, and signs of all kinds as typed."""

ANSWER = b"desk/answer/v1\0"
"""The label of answers among the things that are hashed; the question's key follows it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with its answer as typed.

    Attributes:
        question: its key; empty while none is chosen.
    """

    question: str = ""
    answer: Secret = field(default_factory=lambda: Secret(""))


def folded(answer: Secret) -> str:
    """What counts of an answer: its letters and digits, whatever their case, width and spacing."""
    text = unicodedata.normalize("NFKC", answer.reveal()[: 2 * LONGEST]).casefold()
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum())


def problem(answered: Answered, before: Sequence[Answered] = ()) -> str | None:
    """Why an answer is refused and what to do, or None.

    Args:
        before: the other questions that are answered already.
    """
    text = answered.answer.reveal().strip()
    if not text:
        return "Write the answer."
    if len(text) > LONGEST:
        return f"This answer is too long. Use {LONGEST} signs or fewer."
    if not is_usable(text):
        return "This answer holds a sign that no keyboard gives. Type it by hand."
    kept = folded(answered.answer)
    if len(kept) < SHORTEST:
        return f"This answer is too short. Use {SHORTEST} letters or digits or more."
    if _repeats(answered):
        return "This answer is made of words of its question. Write another one."
    if any(folded(other.answer) == kept for other in before):
        return "You gave this answer to another question already. Write another one."
    return None


def problems(answers: Sequence[Answered]) -> dict[str, str]:
    """What is wrong, under "answer1", "answer2" and so on; empty if nothing is."""
    told: dict[str, str] = {}
    for number, answered in enumerate(answers, 1):
        before = answers[: number - 1]
        if answered.question not in QUESTIONS:
            told[f"answer{number}"] = "Choose a question from the list."
        elif any(other.question == answered.question for other in before):
            told[f"answer{number}"] = "This question is chosen twice. Choose another one."
        elif (refusal := problem(answered, before)) is not None:
            told[f"answer{number}"] = refusal
    for number in range(len(answers) + 1, NEEDED + 1):
        told[f"answer{number}"] = f"Answer {NEEDED} questions."
    return told


def hash_answer(passwords: Passwords, answered: Answered) -> str:
    """What the database keeps: made like a password's, and of no use under another question."""
    return passwords.hash(Secret(folded(answered.answer)), _label(answered.question))


def check_answer(passwords: Passwords, answered: Answered, stored: str | None) -> Verdict:
    """Whether this is the answer behind the stored form; never raises, and takes the same work either way."""
    return passwords.verify(Secret(folded(answered.answer)), stored, _label(answered.question))


def _label(question: str) -> bytes:
    return ANSWER + question.encode() + b"\0"


def _repeats(answered: Answered) -> bool:
    """Whether every word of the answer stands in its question."""
    words = fold(answered.answer.reveal()).split()
    asked = fold(QUESTIONS.get(answered.question, "")).split()
    return bool(words) and ("".join(words) in asked or all(word in asked for word in words))
