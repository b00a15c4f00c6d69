"""What follows for the account from a person's new e-mail address: first told, then done with the change."""

from __future__ import annotations

from peewee import IntegrityError

from models.client import Client
from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import MailPurpose, TokenPurpose, TokenState
from services import audit, sessions, undo_offers
from services.accounts import access
from services.accounts.identities import hold
from services.actor import Actor
from services.clients.values import EmailChangeEffects
from services.context import Context
from services.credentials import tokens
from services.errors import Invalid
from services.mail import outbox
from services.rules import Email


def preview(ctx: Context, person: Client | StaffMember, new: Email) -> EmailChangeEffects:
    """What would follow; ask only when the key of the address differs. Call it inside `ctx.read()`.

    Raises Invalid for the field `email` if another account of the agency has this user name.
    """
    identity = Identity.get_or_none(Identity.id == person.identity_id)
    if identity is None:
        return EmailChangeEffects(person.email, new.address, False, 0, 0, 0)
    _refuse_taken(identity, new)
    return EmailChangeEffects(
        old=identity.email,
        new=new.address,
        user_name_changes=True,
        live_links=_live(ctx, identity.id),
        open_sessions=sessions.count_open(ctx, identity.id),
        waiting_mails=_waiting(identity.id),
        undoable=undo_offers.is_undoable(ctx, identity, _address_of(identity), new),
    )


def email_changed(ctx: Context, actor: Actor, person: Client | StaffMember, new: Email) -> None:
    """Let the account follow and write it down; call it inside the unit of work that stores the person.

    The user name follows, links and codes sent to the old address die, mail that carries them is taken back,
    sessions end, and both addresses get a notice; the old one can undo the change if it was proved to be the
    owner's. When only the case changes, the user name follows, no more.

    Args:
        person: only the id is used; account and old address are read anew.

    Raises Invalid for the field `email` if another account of the agency has this user name.
    """
    # An account that was made since the person was read must follow too.
    kind = type(person)
    identity_id = kind.select(kind.identity).where(kind.id == person.id).scalar()
    identity = None if identity_id is None else hold(ctx, identity_id)
    if identity is None:
        return
    old = _address_of(identity)
    undoable = undo_offers.is_undoable(ctx, identity, old, new)
    rename(ctx, identity, new)
    if old.key == new.key:
        return
    undo_offers.given_back(ctx, identity.id, new)
    tokens.end_live(ctx, identity.id, TokenState.REVOKED)
    sessions.end_sessions(ctx, identity.id, "the e-mail address was changed")
    told = {"old": old.address, "new": new.address}
    undo_offers.tell_old(ctx, identity, old, new, by=actor.name, undoable=undoable)
    outbox.enqueue(ctx, identity, MailPurpose.EMAIL_CHANGED_NEW, by=actor.name, details=told)
    access.refresh(identity.id)
    audit.record(
        ctx,
        actor,
        audit.Action.EMAIL_CHANGED,
        client_id=person.id if isinstance(person, Client) else None,
        staff_id=person.id if isinstance(person, StaffMember) else None,
        identity_id=identity.id,
        subject=identity.name,
        details=told,
    )


def rename(ctx: Context, identity: Identity, new: Email) -> None:
    """Give an account another user name; call it with the account held.

    Raises Invalid for the field `email` if another account of the agency has it.
    """
    _refuse_taken(identity, new)
    try:
        with ctx.database.atomic():
            Identity.update(email=new.address, email_key=new.key, version=Identity.version + 1).where(
                Identity.id == identity.id
            ).execute()
    except IntegrityError as error:
        raise _taken(new) from error
    identity.email, identity.email_key = new.address, new.key


def _address_of(identity: Identity) -> Email:
    return Email(identity.email, identity.email_key)


def _refuse_taken(identity: Identity, new: Email) -> None:
    others = (Identity.agency == identity.agency_id) & (Identity.email_key == new.key) & (Identity.id != identity.id)
    if Identity.select().where(others).exists():
        raise _taken(new)


def _taken(new: Email) -> Invalid:
    return Invalid(
        {"email": f"{new.address} is the user name of somebody else's account already. Use another address."}
    )


def _live(ctx: Context, identity_id: int) -> int:
    live = (
        (OneTimeToken.identity == identity_id)
        & (OneTimeToken.state == TokenState.LIVE)
        & (OneTimeToken.purpose != TokenPurpose.UNDO_EMAIL)
        & (OneTimeToken.expires_at > ctx.clock.now())
    )
    return int(OneTimeToken.select().where(live).count())


def _waiting(identity_id: int) -> int:
    live = (
        (OneTimeToken.identity == identity_id)
        & (OneTimeToken.state == TokenState.LIVE)
        & (OneTimeToken.purpose != TokenPurpose.UNDO_EMAIL)
    )
    waiting = OutboxMessage.state.in_(outbox.WAITING)
    return int(OneTimeToken.select().join(OutboxMessage).where(live & waiting).count())
