"""What is shown and told at a kiosk on the way to a new password. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.credentials.passwords import Secret
from services.credentials.policy import About, PasswordPolicy
from services.credentials.questions import Answered
from services.reset_hurdles import Hurdles


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """The same for everybody who asks.

    Attributes:
        masked: the address as its owner recognises it, and whoever looks over the shoulder does not.
        can_mail: whether this desk can send mail at all; without, an agent has to let the person pass.
    """

    masked: str
    can_mail: bool


@dataclass(frozen=True, slots=True)
class KioskProof:
    """Everything that somebody has shown so far; what an agent let them pass stays empty.

    Attributes:
        email: the address that they typed; code: the one that was mailed to it.
        factor: a code of the authenticator app, or a recovery code.
    """

    email: str
    code: Secret = field(default_factory=lambda: Secret(""))
    answers: tuple[Answered, ...] = ()
    factor: Secret = field(default_factory=lambda: Secret(""))


@dataclass(frozen=True, slots=True)
class KioskOpened:
    """What somebody learns who has the right code, or was let pass.

    Attributes:
        first: whether it will be the account's first password.
        on_the_spot: whether a new password is chosen here; otherwise a temporary one is mailed.
        hurdles: what is asked besides, without what an agent let pass.
    """

    name: str
    user_name: str
    company_code: str
    first: bool
    on_the_spot: bool
    hurdles: Hurdles
    policy: PasswordPolicy
    about: About


@dataclass(frozen=True, slots=True)
class KioskReset:
    """How it ended.

    Attributes:
        first: whether the account is activated now.
        temporary: whether a temporary password is on its way; otherwise the new one stands.
        masked: to where.
    """

    company_code: str
    user_name: str
    masked: str
    first: bool
    temporary: bool
