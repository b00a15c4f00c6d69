"""What the sign-in form is told by whoever comes back with a link or a code."""

from __future__ import annotations

from dataclasses import dataclass

from services.entry.words import came_of
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
    return Arrived(done.company_code, done.user_name, came_of(done), forgot)
