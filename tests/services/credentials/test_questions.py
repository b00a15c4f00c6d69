"""Security questions: which answers are taken, and how they are kept."""

from __future__ import annotations

import pytest

from services.context import Context
from services.credentials import questions
from services.credentials.passwords import Passwords, Secret
from services.credentials.questions import NEEDED, QUESTIONS, Answered

PET, STREET, CAR = "first_pet", "first_street", "first_car"


def answered(question: str, answer: str) -> Answered:
    return Answered(question, Secret(answer))


def test_there_are_enough_to_choose_from_and_no_two_are_alike() -> None:
    assert len(QUESTIONS) >= 14
    assert len(set(QUESTIONS.values())) == len(QUESTIONS)
    assert all(len(key) <= 40 for key in QUESTIONS)


@pytest.mark.parametrize("answer", ["Rex", "R e x", "r.e.x.", "Łucja", "寿司屋", "3 blind mice", "  Rex  "])
def test_three_letters_or_digits_are_enough(answer: str) -> None:
    assert questions.problem(answered(PET, answer)) is None


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("", "Write the answer."),
        ("   ", "Write the answer."),
        ("Al", "too short"),
        ("A  l", "too short"),
        ("...", "too short"),
        ("a" * 101, "too long"),
        ("Rex\x00", "no keyboard"),
        ("\ud800\ud800\ud800", "no keyboard"),
        ("pet", "words of its question"),
        ("First PET", "words of its question"),
        ("the  name", "words of its question"),
    ],
)
def test_what_is_no_answer_is_refused_with_the_reason(answer: str, sentence: str) -> None:
    told = questions.problem(answered(PET, answer))
    assert told is not None
    assert sentence in told


def test_a_name_of_which_the_question_has_a_part_is_taken() -> None:
    assert questions.problem(answered(PET, "Petra")) is None


@pytest.mark.parametrize(
    "again", ["san diego", "SANDIEGO", "San  Diego", " sandiego ", "San-Diego", "ＳＡＮ ＤＩＥＧＯ"]
)
def test_no_answer_twice_in_whatever_case_and_spacing(again: str) -> None:
    told = questions.problems([answered(STREET, "San Diego"), answered(PET, again), answered(CAR, "Beetle")])
    assert list(told) == ["answer2"]
    assert "another question already" in told["answer2"]


def test_no_question_twice() -> None:
    told = questions.problems([answered(PET, "Rex"), answered(PET, "Bello"), answered(CAR, "Beetle")])
    assert list(told) == ["answer2"]


@pytest.mark.parametrize("question", ["", "no_such_question"])
def test_only_questions_from_the_list(question: str) -> None:
    told = questions.problems([answered(question, "Rex"), answered(PET, "Bello"), answered(CAR, "Beetle")])
    assert told == {"answer1": "Choose a question from the list."}


def test_all_three_are_needed() -> None:
    assert list(questions.problems([answered(PET, "Rex")])) == ["answer2", "answer3"]
    assert len(questions.problems([])) == NEEDED


def test_what_is_kept_knows_the_answer_in_any_spelling_and_tells_it_to_nobody(ctx: Context) -> None:
    passwords = Passwords(ctx.keys, ctx.bcrypt_cost)
    kept = questions.hash_answer(passwords, answered(PET, "San Diego"))
    assert "diego" not in kept.lower()
    assert questions.check_answer(passwords, answered(PET, " SANdiego"), kept).ok
    assert not questions.check_answer(passwords, answered(PET, "San Dieg"), kept).ok
    assert not questions.check_answer(passwords, answered(STREET, "San Diego"), kept).ok
    assert not passwords.verify(Secret("sandiego"), kept).ok
    assert not questions.check_answer(passwords, answered(PET, "San Diego"), None).ok


def test_an_answer_does_not_show_itself() -> None:
    assert "Rex" not in repr(answered(PET, "Rex"))
