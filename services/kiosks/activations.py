"""A welcome mail brought to a kiosk: its link or code opens the account as everywhere, within the kiosk's limits."""

from __future__ import annotations

from services import throttle
from services.accounts.identities import email_key
from services.actor import Origin
from services.context import Context
from services.credentials.passwords import Secret
from services.credentials.presented import TokenAnswer
from services.errors import Refused
from services.kiosks.tries import counted
from services.recovery import Recovery
from services.recovery_values import OPENS, OpenedToken, PasswordChosen
from services.reset_hurdles import Hurdle, HurdleFailed

_WRONG = (
    "This code does not belong to this e-mail address. Check both. After five wrong codes press Start again, and "
    'choose "Reset my password".'
)
_OVER = (
    "This link or code has been used, or its time is over. Press Start again, and choose "
    '"Reset my password": a code is mailed to you.'
)
_OTHER = (
    "This link or code is not for a first password. For a forgotten password press Start again, and choose "
    '"Reset my password".'
)


class KioskActivations:
    """Lets people at a kiosk choose a first password."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._recovery = Recovery(ctx)

    def open(self, origin: Origin, link_or_code: Secret, email: str) -> OpenedToken:
        """What a link or code of a mail is for; nothing is used up.

        Raises HurdleFailed for one that is unknown, Refused for one that is over or for something else; TooSoon, or
        Invalid for `email`.
        """
        with counted(self._ctx, origin):
            try:
                opened = self._recovery.open(link_or_code.reveal(), email, origin)
            except Refused as refusal:
                with self._ctx.read():
                    wait = throttle.waiting(self._ctx, throttle.key(self._ctx, "code", email_key(email)))
                raise HurdleFailed(Hurdle.CODE, _WRONG, wait) from refusal
        if opened.state is not TokenAnswer.LIVE:
            raise Refused(_OVER)
        # One that somebody asked for who forgot the password is asked more, and step by step.
        if opened.purpose not in OPENS.values() or opened.hurdles:
            raise Refused(_OTHER)
        return opened

    def choose_password(self, origin: Origin, link_or_code: Secret, email: str, password: Secret) -> PasswordChosen:
        """Use it up and set the password. Raises Invalid for `password`, Refused, HurdleFailed or TooSoon."""
        with counted(self._ctx, origin):
            return self._recovery.choose_password(link_or_code.reveal(), email, password, origin)
