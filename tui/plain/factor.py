"""Two-step sign-in: setting up an app by its key, and keeping the recovery codes."""

from __future__ import annotations

from collections.abc import Sequence

from services.accounts.first_words import CODES_SHOWN
from services.accounts.second_factor import Enrolment
from services.accounts.security_words import FACTOR_ON
from services.credentials.passwords import Secret
from services.errors import Invalid
from tui.plain.dialogue import Back
from tui.plain.sitting import Sitting


def set_up(sitting: Sitting, begun: Enrolment) -> None:
    """From a new key to its first code and the recovery codes. Raises Back, Leave, or Refused when it took too long."""
    talk = sitting.talk
    spelled = _spelled(begun.key)
    talk.say(
        "Add an account to your authenticator app, and type this key into it.",
        f"The key has {len(spelled)} groups of four signs, of letters and digits, without blanks between them:",
        *spelled,
        "Then type the six digits that the app shows. You have ten minutes.",
    )
    while True:
        code = talk.ask_secret("Code of the app", about=("The key is:", *spelled))
        try:
            codes = sitting.desk.second_factor.confirm(sitting.actor, code)
        except Invalid as refusal:
            talk.say_each(refusal.sentence)
        else:
            break
    talk.say_each(FACTOR_ON)
    keep_codes(sitting, codes)


def keep_codes(sitting: Sitting, codes: Sequence[str]) -> None:
    """Say the recovery codes until they are kept. Raises Leave."""
    talk = sitting.talk
    lines = [f"{number}: {code}" for number, code in enumerate(codes, 1)]
    talk.say(f"You have {len(codes)} recovery codes now:", *lines)
    talk.say_each(CODES_SHOWN)
    while True:
        try:
            if talk.agree("Have you written them down?", about=lines):
                sitting.desk.second_factor.keep_codes(sitting.actor)
                return
        except Back:
            pass
        talk.say("Write them down or print them first. Here they are again:", *lines)


def _spelled(key: Secret) -> list[str]:
    """The groups of a key, each with its signs apart, so that they are read out one by one."""
    return [f"Group {number}: {' '.join(group)}" for number, group in enumerate(key.reveal().split(), 1)]
