"""Asking for a reset without signing in: a mail for whom it helps, and the same work for everybody else."""

from __future__ import annotations

import uuid
from contextlib import suppress

from models.agency import Agency
from models.identity import Identity
from models.kiosk import Kiosk
from models.states import IdentityState, MailPurpose, Role, TokenPurpose
from services import agency_policy, audit, throttle
from services.accounts import access
from services.accounts.identities import client_id_of, hold
from services.actor import Origin
from services.context import Context
from services.credentials import tokens
from services.errors import Invalid
from services.mail import outbox
from services.rules import Email, Problem, clean_email


def same_address(email: str, confirm: str) -> Email:
    """The address that was written twice. Raises Invalid for `email` and `confirm` if they are none or differ."""
    try:
        asked = clean_email(email)
    except Problem as refusal:
        raise Invalid({"email": refusal.sentence}) from refusal
    try:
        same = clean_email(confirm).key == asked.key
    except Problem:
        same = False
    if not same:
        raise Invalid({"confirm": "The two addresses differ. Write the same one twice."})
    return asked


def ask(ctx: Context, asked: Email, origin: Origin) -> None:
    """Send the mail that helps to everybody who has this address, silently; call it inside `ctx.unit()`."""
    sent = _may_send(ctx, asked.key, origin)
    owners = [
        row.id for row in Identity.select(Identity.id).where(Identity.email_key == asked.key).order_by(Identity.id)
    ]
    for number in owners or [0]:
        _answer(ctx, number, asked, origin, sent=sent)


def ask_at_kiosk(ctx: Context, asked: Email, origin: Origin, kiosk: Kiosk) -> int | None:
    """Send the code that helps at this kiosk to whom of its agency has this address; call it inside `ctx.unit()`.

    The kiosk's own limit is for the caller to ask. Returns whose account it is, for nobody outside the desk to learn.
    """
    # Without a server nobody gets the mail, and staff hand no code over: an agent may let the person pass.
    can_mail = bool(ctx.settings.mail.host)
    sent = can_mail and throttle.take_mail_slot(ctx, asked.key, daily_cap=True) == 0
    theirs = (Identity.email_key == asked.key) & (Identity.agency == kiosk.agency_id)
    owner = Identity.select(Identity.id).where(theirs).first()
    _answer(ctx, 0 if owner is None else owner.id, asked, origin, sent=sent, kiosk=kiosk)
    return None if owner is None else int(owner.id)


def ask_again(ctx: Context, identity_id: int, origin: Origin) -> None:
    """The same for one account, whose mail did not help in time; call it inside `ctx.unit()`."""
    identity = Identity.get_by_id(identity_id)
    asked = Email(identity.email, identity.email_key)
    _answer(ctx, identity_id, asked, origin, sent=_may_send(ctx, asked.key, origin))


def forgive(ctx: Context, origin: Origin) -> None:
    """Count one mail that was asked for from a place as never asked for: it helped its owner. Inside `ctx.unit()`."""
    if source := _source_key(ctx, origin):
        throttle.take_back(ctx, source)


def _may_send(ctx: Context, email_key: str, origin: Origin) -> bool:
    """Take the slots of place and address for one mail; that one is not free is told to nobody."""
    source = _source_key(ctx, origin)
    if source and throttle.claim(ctx, source, source=True):
        return False
    return throttle.take_mail_slot(ctx, email_key, daily_cap=True) == 0


def _source_key(ctx: Context, origin: Origin) -> str:
    return throttle.key(ctx, "reset-source", origin.place) if origin.place else ""


def _answer(
    ctx: Context, identity_id: int, asked: Email, origin: Origin, *, sent: bool, kiosk: Kiosk | None = None
) -> None:
    """Queue what helps this person, if the caps allow a mail, and write down that it was asked for.

    Whoever gets no link costs as many statements: they are done and undone at once, since their time would tell.
    """
    identity = hold(ctx, identity_id)
    agency = _some_agency(kiosk) if identity is None else identity.agency
    if sent and agency is not None:
        purpose = None if identity is None else _help_for(ctx, identity, agency, kiosk)
        with suppress(_Undone), ctx.database.atomic():
            somebody = _stranger(ctx, agency, asked) if identity is None else _read_anew(identity_id, agency)
            _issue(ctx, somebody, purpose or TokenPurpose.RESET, kiosk)
            access.refresh(somebody.id)
            if purpose is None:
                raise _Undone
        if identity is not None and purpose is None:
            outbox.enqueue(ctx, identity, MailPurpose.DEACTIVATED, by=outbox.SELF_SERVICE)
    audit.record(
        ctx,
        origin,
        audit.Action.RESET_ASKED,
        agency_id=(kiosk.agency_id if kiosk else None) if identity is None else identity.agency_id,
        client_id=client_id_of(identity_id),
        identity_id=None if identity is None else identity_id,
        subject=asked.address if identity is None else identity.email,
        details={"mail": sent and identity is not None},
    )


def _some_agency(kiosk: Kiosk | None) -> Agency | None:
    """Costs what reading the agency of an account costs."""
    found: Agency | None = Agency.select().first() if kiosk is None else Agency.get_by_id(kiosk.agency_id)
    return found


def _issue(ctx: Context, identity: Identity, purpose: TokenPurpose, kiosk: Kiosk | None) -> None:
    if kiosk is None:
        tokens.issue(ctx, identity, purpose, by=outbox.SELF_SERVICE)
        return
    details = {"kiosk": kiosk.name}
    tokens.issue(ctx, identity, TokenPurpose.KIOSK, by=outbox.SELF_SERVICE, details=details, kiosk_id=kiosk.id)


class _Undone(Exception):
    """Takes a part of a unit of work back."""


def _help_for(ctx: Context, identity: Identity, agency: Agency, kiosk: Kiosk | None) -> TokenPurpose | None:
    """What lets a person in this state back in; nothing mailed does for a deactivated account."""
    if identity.state is IdentityState.DEACTIVATED:
        return None
    if kiosk is not None:
        return TokenPurpose.KIOSK
    if identity.state is IdentityState.PENDING:
        return TokenPurpose.ACTIVATE
    # Without a mail server staff hand over what a first mail holds, but nobody reads a temporary password to anybody.
    confirms_first = agency_policy.policy_of(agency).reset_mails == 2 and ctx.settings.mail.host
    return TokenPurpose.CONFIRM_RESET if confirms_first else TokenPurpose.RESET


def _read_anew(identity_id: int, agency: Agency) -> Identity:
    """Costs one statement, as the row does that a stranger is lent."""
    identity: Identity = Identity.get_by_id(identity_id)
    identity.agency = agency
    return identity


def _stranger(ctx: Context, agency: Agency, asked: Email) -> Identity:
    now = ctx.clock.now()
    return Identity.create(
        agency=agency,
        email=asked.address,
        email_key=uuid.uuid4().hex,
        name=asked.address[:200],
        role=Role.CLIENT,
        state=IdentityState.ACTIVE,
        created_at=now,
        state_changed_at=now,
        state_changed_by=outbox.SELF_SERVICE,
    )
