"""The password policy: length and what would be guessed first decide, kinds of signs never do."""

from __future__ import annotations

import random
import subprocess
import sys
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agency_policy import PROFILES
from services.credentials.passwords import Secret
from services.credentials.policy import (
    About,
    PasswordPolicy,
    Profile,
    Rule,
    check,
    describe,
    is_common,
    is_personal,
    problem,
    same_as_last,
    strength,
)

STANDARD, STRICT = (PROFILES[profile].password(second_factor=False) for profile in Profile)
NOBODY = About()
BRENT = About(
    first_name="Brent",
    last_name="Thomas-Lévesque",
    email="b.thomas9@mortgageclient.example",
    company="Ray Staging",
    company_code="919236",
)


def common_list() -> list[str]:
    lines = files("services.credentials").joinpath("common_passwords.txt").read_text("ascii").splitlines()
    return [line for line in lines if not line.startswith("#")]


def broken(policy: PasswordPolicy, text: str, about: About = NOBODY) -> list[Rule]:
    return [result.rule for result in check(policy, Secret(text), about) if not result.met]


@pytest.mark.parametrize(
    ("profile", "second_factor", "minimum"),
    [("standard", False, 12), ("standard", True, 8), ("strict", False, 15), ("strict", True, 10)],
)
def test_the_profiles_have_the_numbers_of_the_design(profile: str, second_factor: bool, minimum: int) -> None:
    policy = PROFILES[Profile(profile)].password(second_factor=second_factor)
    assert (policy.minimum, policy.maximum) == (minimum, 128)


@pytest.mark.parametrize(("minimum", "maximum"), [(7, 128), (12, 11), (12, 257)])
def test_lengths_that_would_weaken_or_overrun_the_hash_are_refused(minimum: int, maximum: int) -> None:
    with pytest.raises(ValueError, match="lengths"):
        PasswordPolicy(STANDARD.profile, minimum, maximum)


@pytest.mark.parametrize("policy", [STANDARD, STRICT])
def test_a_password_of_exactly_the_fewest_or_the_most_signs_is_taken(policy: PasswordPolicy) -> None:
    text = "vexing plum tractors hum " * 6
    assert problem(policy, Secret(text[: policy.minimum]), NOBODY) is None
    assert problem(policy, Secret(text[: policy.maximum]), NOBODY) is None
    assert broken(policy, text[: policy.minimum - 1]) == [Rule.MINIMUM]
    assert broken(policy, text[: policy.maximum + 1]) == [Rule.MAXIMUM]


@pytest.mark.parametrize(
    "text",
    [
        "correct horse battery staple",
        "nur kleine buchstaben",
        "\U0001f600\U0001f680\U0001f3e0\U0001f511" * 3,
        "\u05e9\u05dc\u05d5\u05dd \u05dc\u05db\u05dc \u05d4\u05e2\u05d5\u05dc\u05dd",
        "\u6211\u7684\u5bc6\u7801\u662f\u5f88\u957f\u5f88\u957f\u7684\u4e00\u53e5\u8bdd",
        "\U0001d518" * 64,
        " " * 6 + "blanks count " + " " * 6,
        "[/b]{{7*7}}'; DROP TABLE--",
    ],
)
def test_any_script_and_any_single_kind_of_sign_is_welcome(text: str) -> None:
    assert problem(STANDARD, Secret(text), BRENT) is None


def test_a_sign_counts_once_however_the_keyboard_composes_it() -> None:
    assert broken(STANDARD, "\u00e9" * 11) == broken(STANDARD, "e\u0301" * 11) == [Rule.MINIMUM]
    assert broken(STANDARD, "\u00e9t" * 6) == broken(STANDARD, "e\u0301t" * 6) == []


def test_one_sign_that_normalises_to_eighteen_is_still_one() -> None:
    assert broken(STANDARD, "\ufdfa") == [Rule.MINIMUM]


@pytest.mark.parametrize(
    "text", ["vexing plum\ntractor", "vexing plum\0tractor", "vexing \ud800 tractor", "\u0378" * 12]
)
def test_signs_that_nobody_types_are_refused(text: str) -> None:
    assert broken(STANDARD, text) == [Rule.SIGNS]


@pytest.mark.parametrize("length", [257, 10_000, 1_000_000])
def test_an_endless_text_is_refused_for_its_length_alone(length: int) -> None:
    assert broken(STANDARD, "a\u0301" * (length // 2) + "b") == [Rule.MAXIMUM]


def test_nothing_typed_meets_no_rule() -> None:
    assert broken(STANDARD, "") == [Rule.MINIMUM, Rule.MAXIMUM, Rule.SIGNS, Rule.COMMON, Rule.PERSONAL]
    assert problem(STANDARD, Secret(""), NOBODY) == "Choose a password."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("plum", "too short"),
        ("vexing plum tractor" * 10, "too long"),
        ("vexing plum\ttractor", "no keyboard gives"),
        ("1qaz2wsx3edc", "list of common"),
        ("brentbrentbrent", "your own"),
    ],
)
def test_a_refusal_gives_the_reason_and_never_quotes_the_password(text: str, reason: str) -> None:
    sentence = problem(STANDARD, Secret(text), BRENT)
    assert sentence is not None
    assert reason in sentence
    assert text not in sentence


def test_the_words_above_the_fields_are_the_ones_that_are_ticked() -> None:
    words = describe(STANDARD)
    assert words[0] == "At least 12 signs; longer is stronger"
    assert [result.words for result in check(STANDARD, Secret("x"), NOBODY)] == list(words[:5])
    assert "Not the password that you have now" in words
    assert "that you have now" in same_as_last()


def test_the_list_is_long_enough_for_every_minimum() -> None:
    # ASVS 6.2.4: 3,000 or more after those that the length refuses anyway are gone.
    words = common_list()
    for minimum in (8, 10, 12, 15):
        assert sum(len(word) >= minimum for word in words) >= 3_000


def test_the_list_is_in_the_form_in_which_it_is_looked_up() -> None:
    words = common_list()
    assert words == sorted(set(words))
    assert all(word == word.casefold() and len(word) >= 8 for word in words)


@pytest.mark.parametrize("policy", [STANDARD, STRICT, PROFILES[Profile.STANDARD].password(second_factor=True)])
def test_common_passwords_of_sufficient_length_are_refused_in_any_case(policy: PasswordPolicy) -> None:
    fitting = [word for word in common_list() if len(word) >= policy.minimum]
    for word in random.Random(7).sample(fitting, 50):
        for text in (word, word.upper(), word.capitalize()):
            assert Rule.COMMON in broken(policy, text)


@pytest.mark.parametrize(
    "text",
    [
        "qwerty123456qwerty123456",
        "Qwerty123456!",
        "qwerty1234562026",
        "abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponm",
        "1234567890987654321",
        "asdfghjklkjhgfdsa",
    ],
)
def test_what_guessers_make_of_common_passwords_is_refused_too(text: str) -> None:
    assert is_common(Secret(text))


@pytest.mark.parametrize(
    "text", ["plumplumplumplum", "zqzqzqzqzqzqzqzq", "vexing plum 2026!", "qwerty123456 plum!", "~~~!!!~~~!!!~~~"]
)
def test_repeats_and_years_alone_make_no_password_common(text: str) -> None:
    assert not is_common(Secret(text))


def test_width_does_not_hide_a_common_password() -> None:
    assert is_common(Secret("\uff31werty123456"))


def test_a_passphrase_that_holds_a_common_password_is_not_one() -> None:
    assert not is_common(Secret("qwerty123456 plum"))


def test_the_list_is_read_only_when_a_password_is_checked() -> None:
    program = (
        "from services.credentials import guesses as p; before = p._common.cache_info().currsize;"
        "p.is_common(p.Secret('x')); print(before, p._common.cache_info().currsize)"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).split() == ["0", "1"]


PERSONAL = {
    "first name": "brentbrent",
    "first name among digits": "1970Brent19700619",
    "last name without its accent": "thomas-levesque",
    "part of the last name": "Levesque2026!",
    "both names": "BrentThomas2026",
    "both names the other way round": "thomas.levesque.brent",
    "address": "B.Thomas9@mortgageclient.example",
    "local part": "b.thomas9!!!!!!!",
    "local part twice": "bthomas9bthomas9",
    "company": "!!Ray Staging!!",
    "company and code": "ray-staging-919236",
    "company backwards": "gnigats yar",
    "code twice": "919236919236",
    "code with signs": "***919236***",
    "code backwards": "632919 632919",
    "name backwards with digits": "tnerB123456789",
    "product": "AccessDesk2026",
    "digits for letters": "Br3ntTh0mas2026",
    "part of the address": "mortgageclient",
    "part of it with digits for letters": "m0rtgag3cl13nt",
    "product in wide letters": "\uff34\uff32\uff21\uff2b\uff24\uff25\uff33\uff2b2026!",
}


@pytest.mark.parametrize("text", PERSONAL.values(), ids=PERSONAL)
def test_one_s_own_names_are_refused_however_they_are_dressed_up(text: str) -> None:
    assert is_personal(Secret(text), BRENT)


IMPERSONAL = {
    "a sentence with the name in it": "Brent likes plum tractors",
    "a number that happens to hold the code": "31919236500778",
    "digits alone": "271828182845904",
    "signs alone": "!$%/()=?#+*~-",
    "another name": "Brenda Thompson",
}


@pytest.mark.parametrize("text", IMPERSONAL.values(), ids=IMPERSONAL)
def test_what_only_touches_the_names_is_taken(text: str) -> None:
    assert not is_personal(Secret(text), BRENT)


def test_names_of_one_sign_are_names_too() -> None:
    assert is_personal(Secret("\u738b1234567890"), About(last_name="\u738b"))


def test_a_name_of_signs_alone_forbids_nothing() -> None:
    assert not is_personal(Secret("vexing plum"), About(first_name="!!!", last_name="\u200b"))


def test_names_made_to_be_slow_are_quick() -> None:
    # A pattern that backtracks would need longer than the universe has.
    slow = About(first_name="a aa aaa aaaa", last_name="aaaaa aaaaaa")
    assert not is_personal(Secret("a" * 255 + "b"), slow)


@given(st.text(max_size=300), st.text(max_size=20), st.text(max_size=20))
def test_the_first_broken_rule_is_the_one_that_speaks(text: str, first: str, last: str) -> None:
    about = About(first_name=first, last_name=last)
    assert (problem(STANDARD, Secret(text), about) is None) == (not broken(STANDARD, text, about))


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("", 0),
        ("plum", 0),
        ("1qaz2wsx3edc", 0),
        ("BrentThomas2026", 0),
        ("abcdefghijklmnopqrstuvw", 0),
        ("a" * 40, 0),
        ("abcabcabcabcabcabcabc", 0),
        ("qwertzuiopasdfghjkl", 1),
        ("plum-tractor", 2),
        ("plum tractor 7", 2),
        ("plum tractor vexed", 3),
        ("correct horse battery staple", 4),
    ],
)
def test_strength_follows_what_a_guesser_would_need(text: str, score: int) -> None:
    assert strength(Secret(text), BRENT).score == score


@given(st.text(max_size=300))
def test_strength_has_words_for_everything_typed(text: str) -> None:
    found = strength(Secret(text), NOBODY)
    assert 0 <= found.score <= 4
    assert bool(found.words) == bool(text)


def test_strength_names_repeats_and_rows_as_the_cause() -> None:
    assert "add little" in strength(Secret("zq" * 20), NOBODY).words
    assert "unrelated word" in strength(Secret("plumtree"), NOBODY).words
