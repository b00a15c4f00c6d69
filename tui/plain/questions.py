"""Security questions: answering those that were asked before, and choosing others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.credentials.questions import NEEDED, QUESTIONS, Answered, problem
from services.errors import Invalid
from tui.plain.dialogue import Dialogue

_UNSEEN = "Nothing of an answer is shown while you type. Capitals and blanks do not matter."


def answer_all(talk: Dialogue, keys: Sequence[str]) -> tuple[Answered, ...]:
    """The answers to these questions, unseen. Raises Back or Leave."""
    talk.say_each(_UNSEEN)
    given = []
    for number, key in enumerate(keys, 1):
        words = QUESTIONS.get(key, key)
        talk.say(f"Question {number} of {len(keys)}. {words}")
        given.append(Answered(key, talk.ask_secret("Answer", about=(words, _UNSEEN))))
    return tuple(given)


def choose_questions(talk: Dialogue, store: Callable[[Sequence[Answered]], object]) -> None:
    """Ask for as many questions with answers as are needed, until they are stored. Raises Back or Leave."""
    talk.say(f"Choose {NEEDED} questions and answer them.")
    talk.say_each("The answers help to prove that you are you, and nobody ever sees them.", _UNSEEN)
    while True:
        given: list[Answered] = []
        while len(given) < NEEDED:
            given.append(_choose_one(talk, given))
        try:
            store(given)
        except Invalid as refusal:
            if not any(name.startswith("answer") for name in refusal.problems):
                raise
            talk.say_each(*refusal.problems.values())
        else:
            return


def _choose_one(talk: Dialogue, given: Sequence[Answered]) -> Answered:
    taken = {answered.question for answered in given}
    left = [(key, words) for key, words in QUESTIONS.items() if key not in taken]
    talk.say(f"Question {len(given) + 1} of {NEEDED}:")
    # Sixteen questions are heard once; afterwards they are known, and `?` says them again.
    key = talk.choose("Number of the question, or ? for the list", left, listed=not given)
    while True:
        talk.say(QUESTIONS[key])
        answered = Answered(key, talk.ask_secret("Answer", about=(QUESTIONS[key], _UNSEEN)))
        told = problem(answered, given)
        if told is None:
            return answered
        talk.say_each(told)
