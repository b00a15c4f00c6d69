"""Gives people a second factor, and plays their authenticator app."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import pyotp

from models.identity import Identity
from models.security import SecondFactor
from models.states import FactorState
from services.context import Context
from services.credentials import factor, recovery_codes, sealing, totp
from services.credentials.passwords import Secret


class App(NamedTuple):
    """Somebody's authenticator app, and the recovery codes that were shown with it."""

    key: str
    recovery: tuple[str, ...] = ()

    def code(self, moment: datetime, steps: int = 0) -> Secret:
        """What it shows at a moment, or some steps of 30 seconds before or after."""
        return Secret(pyotp.TOTP(self.key).generate_otp(totp.step_at(moment) + steps))

    def wrong(self, moment: datetime) -> Secret:
        """Six digits that it shows neither now nor in the steps around."""
        near = {self.code(moment, steps).reveal() for steps in range(-2, 3)}
        return Secret(next(code for number in range(6) if (code := f"{number:06}") not in near))


def enrol(ctx: Context, identity_id: int) -> App:
    """What `SecondFactors.begin`, `confirm` and `keep_codes` leave behind, without what they ask."""
    key, now = totp.new_secret(), ctx.clock.now()
    with ctx.unit():
        SecondFactor.create(
            identity=identity_id,
            state=FactorState.ACTIVE,
            sealed=sealing.seal(ctx.keys, key, factor.owner(identity_id)),
            created_at=now,
            confirmed_at=now,
            codes_kept_at=now,
        )
        return App(key, recovery_codes.renew(ctx, Identity.get_by_id(identity_id)))


def app_behind(ctx: Context, identity_id: int) -> App:
    """The app that was set up last for an account, or is being set up, as its stored key makes it."""
    with ctx.read():
        row = SecondFactor.select().where(SecondFactor.identity == identity_id).order_by(SecondFactor.id.desc()).get()
    return App(sealing.unseal(ctx.keys, row.sealed, factor.owner(identity_id)))
