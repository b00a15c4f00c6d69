"""What the sign-in form is told by whoever comes back with a link or a code."""

from __future__ import annotations

from dataclasses import dataclass

from models.states import TokenPurpose
from services.recovery_values import ChangeUndone, PasswordChosen, ResetConfirmed


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the form is filled in with, and what it says.

    Attributes:
        forgot: whether to go on to "Forgot password" at once.
    """

    company_code: str
    user_name: str
    words: str
    forgot: bool = False


def after(done: PasswordChosen | ResetConfirmed | ChangeUndone, *, forgot: bool = False) -> Arrived:
    """What came of the link or code, in words."""
    if isinstance(done, PasswordChosen):
        words = f"Your password has been set. {_next(done)}".rstrip()
    elif isinstance(done, ResetConfirmed):
        words = (
            f"A temporary password is on its way to {done.user_name}. Type it here as your password: "
            "it works once, within an hour."
        )
    else:
        words = f"Your user name is {done.user_name} again."
    return Arrived(done.company_code, done.user_name, words, forgot)


def _next(chosen: PasswordChosen) -> str:
    """What the person does now."""
    if chosen.questions:
        return "Please log in and configure your security questions."
    return "Please log in to open your account." if chosen.purpose is TokenPurpose.ACTIVATE else ""
