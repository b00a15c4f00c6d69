"""`trakdesk policy`: the rules of the agency for scripts."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Run


def test_every_rule_is_shown_and_can_be_given_back(run: Run, set_up: str) -> None:
    code, shown, _ = run("policy", "show")
    assert (code, shown.splitlines()[:3]) == (0, ["profile=standard", "minimum=12", "minimum_with_factor=8"])
    assert run("policy", "set", *shown.split())[:2] == (0, "Nothing to do: these rules hold already.\n")


def test_a_change_says_what_follows(run: Run, set_up: str) -> None:
    code, told, _ = run("policy", "set", "profile=strict", "idle_minutes=5")
    assert (code, "locks after 5 minutes instead of 15" in told) == (0, True)
    assert "idle_minutes=5" in run("policy", "show")[1]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("minimum=7", "minimum: Write a number of signs from 8 to 64."),
        ("factor=nobody", "factor: The profile"),
        ("nonsense=1", "nonsense: No such rule."),
        ("minimum", "minimum: Write a number"),
    ],
)
def test_what_cannot_stand_is_told_and_changes_nothing(run: Run, set_up: str, rule: str, words: str) -> None:
    before = run("policy", "show")[1]
    code, _, err = run("policy", "set", rule)
    assert (code, words in err) == (2, True)
    assert run("policy", "show")[1] == before
