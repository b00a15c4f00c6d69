"""A person's own second factor: set up, replaced, taken off, and the codes that stand in for a lost app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from peewee import Expression

from models.identity import Identity
from models.security import SecondFactor
from models.states import AuditResult, FactorState
from services import agency_policy, audit, sessions
from services.accounts.identities import hold
from services.accounts.owed import owed_by
from services.accounts.present_password import PresentPassword, own, record
from services.actor import Actor
from services.context import Context
from services.credentials import factor, policy, recovery_codes, sealing, totp
from services.credentials.passwords import Secret
from services.errors import Invalid, Refused
from services.mail import notices
from services.mail.notices import Notice

T = TypeVar("T")

PENDING_LIFETIME = timedelta(minutes=10)
"""How long a new key waits for its first right code."""

_WRONG_FIRST = (
    "This is not the code that the app shows for this key. Type the newest one; if it is refused again, "
    "set the clock of your phone to automatic."
)
_BEGIN_AGAIN = "The ten minutes for setting up the app are over, or it was begun anew elsewhere. Begin again."
_NONE = "No authenticator app is set up for your account."
_REQUIRED = "Your agency asks for two-step sign-in from everybody with your role. You can replace the app instead."
_NOTHING_OWED = "First finish signing in; an app is set up or replaced under Settings."


@dataclass(frozen=True, slots=True)
class FactorStatus:
    """What a person sees of the own second factor.

    Attributes:
        since: when the app was set up; None without one.
        codes_left: how many recovery codes still work.
        codes_made_at: when they were made; None without any.
        required: whether the agency asks it of the person's role, so that it cannot be turned off.
    """

    enrolled: bool
    since: datetime | None
    codes_left: int
    codes_made_at: datetime | None
    required: bool


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A key that waits for its first code.

    Attributes:
        uri: what the QR code says; short_uri says it in fewer signs, for a small screen.
        key: the same key in groups of four, to be typed.
        replaces: whether an app counts already, which does so until the new one is confirmed.
    """

    uri: Secret
    short_uri: Secret
    key: Secret
    expires_at: datetime
    replaces: bool


class SecondFactors:
    """Serves the owner; a session that is limited may set up what is owed, since its password was just typed."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._present = PresentPassword(ctx)

    def status(self, actor: Actor) -> FactorStatus:
        """How it stands. Raises SignedOut, or Refused without an account of one's own."""
        with self._ctx.read():
            sessions.require(self._ctx, actor, limited=True)
            identity = own(actor)
            app = factor.active(identity.id)
            return FactorStatus(
                enrolled=app is not None,
                since=None if app is None else app.confirmed_at,
                codes_left=recovery_codes.left(identity.id),
                codes_made_at=recovery_codes.made_at(identity.id),
                required=agency_policy.policy_of(identity.agency).needs_factor(identity.role),
            )

    def begin(self, actor: Actor, password: Secret, code: Secret | None = None) -> Enrolment:
        """Make a new key, which counts for nothing until `confirm`.

        Args:
            password: the present one; not asked in the first steps, right after it was typed.
            code: of the present app, or a recovery code; needed where an app is to be replaced.

        Raises Invalid for `password` or `code`, TooSoon, SignedOut, or Refused.
        """
        action = audit.Action.FACTOR_ON
        with audit.refusals_recorded(self._ctx, actor, action, identity_id=actor.identity_id):
            if self._in_first_steps(actor, "second_factor"):
                with self._ctx.unit():
                    return self._pend(self._held(actor))
            self._present.check(actor, password, action, field="password")
            with self._ctx.read():
                enrolled = factor.is_enrolled(own(actor).id)
            if enrolled:
                return self._with_code(actor, code or Secret(""), action, self._pend)
            with self._ctx.unit():
                return self._pend(self._held(actor))

    def confirm(self, actor: Actor, code: Secret) -> tuple[str, ...]:
        """Let the new key count, in the place of an older one, and end the other sessions.

        Returns new recovery codes, to be shown once; `keep_codes` follows when they are kept.
        Raises Invalid for `code`, Refused once ten minutes are over, SealBroken, or SignedOut.
        """
        action = audit.Action.FACTOR_ON
        with (
            audit.refusals_recorded(self._ctx, actor, action, identity_id=actor.identity_id),
            self._ctx.unit(),
        ):
            identity = self._held(actor)
            pending = SecondFactor.get_or_none(_pending(identity.id))
            now = self._ctx.clock.now()
            if pending is None or pending.created_at + PENDING_LIFETIME <= now:
                raise Refused(_BEGIN_AGAIN)
            step = self._step(pending, identity, code)
            if step is None:
                raise Invalid({"code": _WRONG_FIRST})
            replaced = bool(SecondFactor.delete().where(_active(identity.id)).execute())
            SecondFactor.update(state=FactorState.ACTIVE, confirmed_at=now, last_step=step).where(
                SecondFactor.id == pending.id
            ).execute()
            factor.forgive(self._ctx, identity.id)
            codes = recovery_codes.renew(self._ctx, identity)
            sessions.end_sessions(self._ctx, identity.id, "two-step sign-in was changed", keep=actor.session_id)
            notices.tell(self._ctx, identity, Notice.SECOND_FACTOR_ON, by=identity.name)
            record(self._ctx, actor, action, replaced=replaced)
            return codes

    def new_recovery_codes(self, actor: Actor, code: Secret) -> tuple[str, ...]:
        """Ten new ones, to be shown once; the older ones open nothing any more. `keep_codes` follows.

        Args:
            code: of the app, or a recovery code; not asked in the first steps.

        Raises Invalid for `code`, TooSoon, SealBroken, SignedOut, or Refused.
        """
        action = audit.Action.RECOVERY_CODES_MADE

        def renew(identity: Identity) -> tuple[str, ...]:
            if not factor.is_enrolled(identity.id):
                raise Refused(_NONE)
            codes = recovery_codes.renew(self._ctx, identity)
            SecondFactor.update(codes_kept_at=None).where(_active(identity.id)).execute()
            notices.tell(self._ctx, identity, Notice.RECOVERY_CODES, by=identity.name)
            record(self._ctx, actor, action)
            return codes

        with audit.refusals_recorded(self._ctx, actor, action, identity_id=actor.identity_id):
            if self._in_first_steps(actor, "recovery_codes"):
                with self._ctx.unit():
                    return renew(self._held(actor))
            return self._with_code(actor, code, action, renew)

    def keep_codes(self, actor: Actor) -> None:
        """Write down that the owner has kept the newest recovery codes. Raises SignedOut, or Refused."""
        with self._ctx.unit():
            identity = self._held(actor)
            SecondFactor.update(codes_kept_at=self._ctx.clock.now()).where(_active(identity.id)).execute()

    def remove(self, actor: Actor, password: Secret, code: Secret) -> None:
        """Turn it off; the recovery codes go with it, and the other sessions end.

        Raises Refused where the agency requires it and for a password that is too short to stand alone; Invalid for
        `password` or `code`; TooSoon, SealBroken, or SignedOut.
        """
        action = audit.Action.FACTOR_OFF
        with audit.refusals_recorded(self._ctx, actor, action, identity_id=actor.identity_id):
            with self._ctx.read():
                sessions.require(self._ctx, actor)
                self._refuse_removal(own(actor))
            self._present.check(actor, password, action, field="password")
            with self._ctx.read():
                self._refuse_short(own(actor), password)

            def turn_off(identity: Identity) -> None:
                self._refuse_removal(identity)
                factor.remove(self._ctx, identity.id)
                sessions.end_sessions(self._ctx, identity.id, "two-step sign-in was changed", keep=actor.session_id)
                notices.tell(self._ctx, identity, Notice.SECOND_FACTOR_OFF, by=identity.name)
                record(self._ctx, actor, action)

            self._with_code(actor, code, action, turn_off)

    def _in_first_steps(self, actor: Actor, step: str) -> bool:
        """Whether the session is limited and owes this; Refused if it is limited and does not."""
        with self._ctx.read():
            sessions.require(self._ctx, actor, limited=True)
            if not actor.limited:
                return False
            if not getattr(owed_by(own(actor)), step):
                raise Refused(_NOTHING_OWED)
            return True

    def _held(self, actor: Actor) -> Identity:
        identity = hold(self._ctx, actor.identity_id or 0)
        sessions.require(self._ctx, actor, limited=actor.limited)
        return own(actor) if identity is None else identity

    def _with_code(self, actor: Actor, code: Secret, action: audit.Action, then: Callable[[Identity], T]) -> T:
        """Do it in the transaction in which a right code is used up."""
        with self._ctx.unit():
            sessions.require(self._ctx, actor)
            factor.claim(self._ctx, actor.identity_id or 0)
        with self._ctx.unit():
            identity = self._held(actor)
            if not factor.is_enrolled(identity.id):
                raise Refused(_NONE)
            if factor.take(self._ctx, identity, code) is not None:
                return then(identity)
            record(self._ctx, actor, action, AuditResult.FAILED, "wrong code of the second factor")
        raise Invalid({"code": factor.WRONG_CODE})

    def _pend(self, identity: Identity) -> Enrolment:
        secret = totp.new_secret()
        now = self._ctx.clock.now()
        SecondFactor.delete().where(_pending(identity.id)).execute()
        SecondFactor.create(
            identity=identity,
            state=FactorState.PENDING,
            sealed=sealing.seal(self._ctx.keys, secret, factor.owner(identity.id)),
            created_at=now,
        )
        agency = identity.agency.name
        return Enrolment(
            uri=Secret(totp.uri(secret, identity.email, agency)),
            short_uri=Secret(totp.short_uri(secret, identity.email, agency)),
            key=Secret(totp.groups(secret)),
            expires_at=now + PENDING_LIFETIME,
            replaces=factor.is_enrolled(identity.id),
        )

    def _step(self, pending: SecondFactor, identity: Identity, code: Secret) -> int | None:
        typed = totp.read_code(code.reveal())
        if typed is None:
            return None
        secret = sealing.unseal(self._ctx.keys, pending.sealed, factor.owner(identity.id))
        return totp.matching_step(secret, typed, self._ctx.clock.now())

    def _refuse_removal(self, identity: Identity) -> None:
        if not factor.is_enrolled(identity.id):
            raise Refused(_NONE)
        if agency_policy.policy_of(identity.agency).needs_factor(identity.role):
            raise Refused(_REQUIRED)

    def _refuse_short(self, identity: Identity, password: Secret) -> None:
        alone = agency_policy.policy_of(identity.agency).password(second_factor=False)
        if not policy.long_enough(alone, password):
            raise Refused(
                f"Without two-step sign-in your agency asks for a password of {alone.minimum} signs or more, and yours "
                "is shorter. Change the password first, then turn two-step sign-in off."
            )


def _pending(identity_id: int) -> Expression:
    return _in_state(identity_id, FactorState.PENDING)


def _active(identity_id: int) -> Expression:
    return _in_state(identity_id, FactorState.ACTIVE)


def _in_state(identity_id: int, state: FactorState) -> Expression:
    found: Expression = (SecondFactor.identity == identity_id) & (SecondFactor.state == state)
    return found
