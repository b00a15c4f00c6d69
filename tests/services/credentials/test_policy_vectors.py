"""Other programs' password vectors against our rules: where both agree, and where we differ on purpose.

`tests/data/password-vectors.json` names the sources and their licence. Kinds of signs are none of our rules, because
OWASP ASVS 5.0 (6.2.5) and NIST SP 800-63B-4 forbid them: what breaks such a rule elsewhere is taken here.
"""

from __future__ import annotations

import json

import pytest

from services.credentials.passwords import Secret
from services.credentials.policy import About, PasswordPolicy, Profile, Rule, check, is_personal, problem, strength
from tests.places import DATA

VECTORS = json.loads((DATA / "password-vectors.json").read_text("utf-8"))
SHORT = PasswordPolicy(Profile.STANDARD, 8, 8)
BESIDE_FACTOR = PasswordPolicy(Profile.STANDARD, 8)
ALONE = PasswordPolicy(Profile.STANDARD, 12)
NOBODY = About()

LETTERS, CAPITALS, DIGITS = "vexingplumtractors", "VEXINGPLUMTRACTORS", "83 91 50 27 64 18"
HOSTS = {
    "minimum upper case": LETTERS,
    "maximum upper case": LETTERS,
    "minimum lower case": CAPITALS,
    "maximum lower case": DIGITS,
    "minimum special": LETTERS,
    "maximum special": LETTERS,
    "minimum alpha": DIGITS,
    "maximum alpha": DIGITS,
    "minimum non-alpha": LETTERS,
    "maximum non-alpha": LETTERS,
    "minimum numeric": LETTERS,
    "maximum numeric": LETTERS,
    "maximum repeat in a row": LETTERS,
    "maximum repeat": LETTERS,
    "no numeric": LETTERS,
    "no special": LETTERS,
    "no non-alpha": LETTERS,
}
"""What makes the short vector of a kind of rule long enough without mending what it breaks."""


def broken(policy: PasswordPolicy, text: str, about: About = NOBODY) -> set[Rule]:
    return {result.rule for result in check(policy, Secret(text), about) if not result.met}


def test_lengths_agree_sign_by_sign() -> None:
    # Their rule asks for 7 signs and ours for 8 at least: each vector has one sign more here.
    rows = [row for row in VECTORS["rules"] if row[0] in ("minimum length", "maximum length")]
    assert len(rows) == 13
    for kind, password, refused in rows:
        rule = Rule.MINIMUM if kind == "minimum length" else Rule.MAXIMUM
        assert (rule in broken(SHORT, f"x{password}")) is refused, (kind, password)


def test_kinds_of_signs_are_no_rule_of_ours() -> None:
    rows = [row for row in VECTORS["rules"] if not row[0].endswith("length")]
    assert len(rows) == 87
    for kind, password, _ in rows:
        text = password * 13 if kind == "minimum unique" else HOSTS[kind] + password
        assert problem(ALONE, Secret(text), NOBODY) is None, (kind, text)


def test_whoever_s_name_is_the_whole_password_is_refused_and_a_mere_touch_is_not() -> None:
    assert len(VECTORS["overlap"]) == 23
    for password, word, refused in VECTORS["overlap"]:
        whole = bool(word) and password.casefold() == word.casefold()
        assert is_personal(Secret(password), About(last_name=word)) is whole, (password, word)
        # Theirs refuses from one shared sign on, so that it also refuses whatever ours does.
        assert refused or not whole


def test_a_run_inside_a_password_is_told_as_weak_and_a_password_that_is_one_run_is_refused() -> None:
    assert len(VECTORS["runs"]) == 11
    for password, _ in VECTORS["runs"]:
        whole = password in ("12345678", "abcdefghijklmnopqrstuvwxyz")
        assert (Rule.COMMON in broken(BESIDE_FACTOR, password)) is whole, password
        assert strength(Secret(password), NOBODY).score < 3


DIFFERENT = {
    ("", "0" * 490): "at most 128 signs are taken, whatever they are",
    ("ab", "0000ab0000"): "a name of two signs among digits is made of the name alone",
    ("hello@exam", "hello@example.com"): "the name is but a part of it, and the rest is no digit or sign",
}
"""Where our verdict is the other one, by user name and password, with the reason."""


@pytest.mark.parametrize(("user_name", "password", "taken"), VECTORS["similarity"])
def test_similarity_to_the_own_user_name(user_name: str, password: str, taken: bool) -> None:
    about = About(email=user_name, last_name=user_name)
    ours = problem(BESIDE_FACTOR, Secret(password), about) is None
    assert ours is (taken if (user_name, password) not in DIFFERENT else not taken)
