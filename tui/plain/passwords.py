"""Choosing a password, unseen and twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.credentials.passwords import Secret
from services.credentials.policy import About, PasswordPolicy, problem, strength
from services.errors import Invalid
from tui.plain.dialogue import Dialogue


def choose_password(
    talk: Dialogue,
    policy: PasswordPolicy,
    words: Sequence[str],
    about: About,
    store: Callable[[Secret], object],
    *,
    field: str = "password",
) -> None:
    """Ask until a password is stored.

    Args:
        talk: where it is asked.
        policy: what it must hold; words: the same as people read it.
        about: whose it is.
        store: the service's call, which may refuse it under the name `field`.
        field: see `store`.

    Raises Back, Leave, or what the service refuses besides.
    """
    rules = ("Rules of your agency for passwords:", *words)
    talk.say(*rules)
    while True:
        new = ask_twice(talk, policy, about, rules)
        try:
            store(new)
        except Invalid as refusal:
            if field not in refusal.problems:
                raise
            talk.say_each(refusal.problems[field])
        else:
            return


def ask_twice(talk: Dialogue, policy: PasswordPolicy, about: About, rules: Sequence[str]) -> Secret:
    """A password that holds, typed twice alike. Raises Back or Leave."""
    while True:
        new = talk.ask_secret("New password", about=rules)
        told = problem(policy, new, about)
        if told is not None:
            talk.say_each(told)
            continue
        talk.say_each(strength(new, about).words)
        if talk.ask_secret("The same password again", about=rules) == new:
            return new
        talk.say("The two are not the same. Type the new password anew.")
