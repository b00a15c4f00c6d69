"""What somebody who forgot a password must show besides the mailed link or code: security answers, second factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.identity import Identity
from models.states import TokenPurpose
from services import agency_policy
from services.context import Context
from services.credentials import answers, factor, recovery_codes
from services.credentials.factor import Taken
from services.credentials.passwords import Passwords, Secret
from services.credentials.presented import Presented, TokenAnswer
from services.credentials.questions import Answered
from services.errors import Refused
from services.mail import notices, outbox
from services.mail.notices import Notice

CHANGED = "Something about the account changed in the meantime. Open the link or code again, and go through the steps."


class Hurdle(StrEnum):
    """What was shown wrongly; a code of a kiosk is one, since the next try waits there."""

    CODE = "code"
    QUESTIONS = "questions"
    SECOND_FACTOR = "second-factor"


class HurdleFailed(Refused):
    """Answers or code were wrong; which of the answers is told to nobody, and the link or code stays as it was.

    Attributes:
        hurdle: which of the two it was.
        wait: seconds until the next try is heard.
    """

    def __init__(self, hurdle: Hurdle, sentence: str, wait: int) -> None:
        super().__init__(sentence)
        self.hurdle = hurdle
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Hurdles:
    """What stands between a mailed link or code and a new password.

    Attributes:
        questions: the keys of the security questions to be answered, all of them.
        second_factor: whether a code of the authenticator app, or a recovery code, is needed.
    """

    questions: tuple[str, ...] = ()
    second_factor: bool = False

    def __bool__(self) -> bool:
        return bool(self.questions) or self.second_factor


def hurdles_of(held: Presented, identity: Identity) -> Hurdles:
    """What is asked of whoever holds this; call it inside `ctx.read()` or `ctx.unit()`.

    Nothing for a reset that staff sent, who know the person, nor for a first password. The second factor of these is
    asked at the next sign-in.
    """
    by_themselves = held.purpose is TokenPurpose.CONFIRM_RESET or (
        held.purpose is TokenPurpose.RESET and held.caused_by == outbox.SELF_SERVICE
    )
    if held.answer is not TokenAnswer.LIVE or not by_themselves:
        return Hurdles()
    return all_of(identity)


def all_of(identity: Identity) -> Hurdles:
    """Everything that is asked of somebody who helps themselves; call it likewise."""
    asked = answers.asked(identity.id) if agency_policy.policy_of(identity.agency).questions else ()
    return Hurdles(asked, factor.is_enrolled(identity.id))


def check_questions(
    ctx: Context, passwords: Passwords, identity_id: int, hurdles: Hurdles, given: Sequence[Answered]
) -> None:
    """Pass the questions, if there are any; opens its own transactions. Raises TooSoon or HurdleFailed."""
    if not hurdles.questions:
        return
    with ctx.unit():
        answers.claim(ctx, identity_id)
    if answers.check(ctx, passwords, identity_id, given):
        return
    with ctx.read():
        wait = answers.waiting(ctx, identity_id)
    raise HurdleFailed(Hurdle.QUESTIONS, answers.WRONG, wait)


def claim_factor(ctx: Context, identity_id: int, hurdles: Hurdles) -> None:
    """Count one try of the second factor, if it is needed, in a transaction of its own. Raises TooSoon."""
    if hurdles.second_factor:
        with ctx.unit():
            factor.claim(ctx, identity_id)


def take_factor(ctx: Context, identity: Identity, hurdles: Hurdles, code: Secret) -> str:
    """Use up the code, if one is needed; call it inside `ctx.unit()` after `claim_factor`, with the account held.

    Returns what was taken, for the audit; empty if nothing was needed. Raises HurdleFailed, or SealBroken.
    """
    if not hurdles.second_factor:
        return ""
    taken = factor.take(ctx, identity, code)
    if taken is None:
        raise HurdleFailed(Hurdle.SECOND_FACTOR, factor.WRONG_CODE, factor.waiting(ctx, identity.id))
    if taken is Taken.RECOVERY:
        left = str(recovery_codes.left(identity.id))
        notices.tell(ctx, identity, Notice.RECOVERY_USED, by=identity.name, left=left)
    return taken.value
