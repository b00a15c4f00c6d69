"""Undoing a change of address from the old one: whoever was mailed the link or the code gets the account back."""

from __future__ import annotations

from models.client import Client
from models.identity import Identity
from models.staff import StaffMember
from models.states import TokenPurpose, TokenState
from services import audit, email_change, sessions, throttle, undo_offers
from services.accounts import access
from services.accounts.identities import email_key, hold, sign_in_key
from services.actor import Origin
from services.clients import fields
from services.context import Context
from services.credentials import tokens
from services.credentials.presented import Presented, TokenAnswer, answer_now, present, why_ended
from services.errors import Invalid, Refused
from services.mail import notices
from services.mail.notices import Notice
from services.recovery_values import ChangeUndone
from services.rules import Email

_OTHER_PURPOSE = "This link or code does not undo a change of an address."
_TAKEN = (
    "{} belongs to somebody else's account by now, so that the change cannot be undone here. "
    "Tell the agency at once: they can."
)


class EmailUndo:
    """Gives an account its old address back; nobody is signed in by it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def undo(self, link_or_code: str, email: str, origin: Origin) -> ChangeUndone:
        """Restore address and user name, end all sessions and whatever was mailed to the address since.

        Of two who try at once exactly one wins.

        Args:
            email: the old address, to which the code was sent; not needed with a link.

        Raises Refused for an ended or unknown link or code and for an address that is somebody else's by now, TooSoon,
        or Invalid for `email`.
        """
        held = present(self._ctx, link_or_code, email, origin)
        with self._ctx.read():
            identity = Identity.get_by_id(held.identity_id)
            client_id, staff_id = _number(Client, identity.id), _number(StaffMember, identity.id)
        with audit.refusals_recorded(
            self._ctx,
            origin,
            audit.Action.EMAIL_UNDONE,
            agency_id=identity.agency_id,
            client_id=client_id,
            staff_id=staff_id,
            identity_id=identity.id,
            subject=identity.name,
        ):
            if held.purpose is not TokenPurpose.UNDO_EMAIL:
                raise Refused(_OTHER_PURPOSE)
            if held.answer is not TokenAnswer.LIVE:
                raise Refused(held.why_not)
            with self._ctx.unit():
                released = self._undo(held, identity)
                audit.record(
                    self._ctx,
                    origin,
                    audit.Action.EMAIL_UNDONE,
                    agency_id=identity.agency_id,
                    client_id=client_id,
                    staff_id=staff_id,
                    identity_id=identity.id,
                    subject=identity.name,
                    details={"old": released, "new": held.sent_to},
                )
        return ChangeUndone(identity.agency.code, held.sent_to, identity.agency.name)

    def _undo(self, held: Presented, found: Identity) -> str:
        """Returns the address that the account had until now."""
        # Before the account is held: two orders of locking could end in a deadlock.
        for user_name in (held.sent_to, found.email):
            throttle.forgive(sign_in_key(self._ctx, found.agency.code, user_name))
        identity = hold(self._ctx, found.id)
        if identity is None or not tokens.use(self._ctx, held.token_id):
            answer = answer_now(self._ctx, held.token_id)
            raise Refused(why_ended(held.purpose, answer) or why_ended(held.purpose, TokenAnswer.EXPIRED))
        released, back = identity.email, Email(held.sent_to, email_key(held.sent_to))
        try:
            email_change.rename(self._ctx, identity, back)
            _refuse_other_people(identity, back)
        except Invalid as refusal:
            raise Refused(_TAKEN.format(back.address)) from refusal
        self._put_back(identity, back)
        tokens.end_live(self._ctx, identity.id, TokenState.REVOKED)
        undo_offers.end_later(self._ctx, identity.id, held.token_id)
        sessions.end_sessions(self._ctx, identity.id, "the change of the e-mail address was undone")
        notices.tell(self._ctx, identity, Notice.EMAIL_RESTORED, by=identity.name, address=back.address)
        notices.tell(self._ctx, identity, Notice.EMAIL_RELEASED, by=identity.name, to_address=released)
        access.refresh(identity.id)
        return str(released)

    def _put_back(self, identity: Identity, address: Email) -> None:
        """Let the list follow, so that it finds the person by the old address and an open form notices."""
        for people in (Client, StaffMember):
            for row in people.select().where(people.identity == identity.id):
                number = row.phone if isinstance(row, Client) else row.cell
                people.update(
                    email=address.address,
                    email_key=address.key,
                    search=fields.search_text(row.first_name, row.last_name, address.address, number),
                    changed_at=self._ctx.clock.now(),
                    changed_by=identity.name,
                    version=people.version + 1,
                ).where(people.id == row.id).execute()


def _number(people: type[Client] | type[StaffMember], identity_id: int) -> int | None:
    found: int | None = people.select(people.id).where(people.identity == identity_id).scalar()
    return found


def _refuse_other_people(identity: Identity, address: Email) -> None:
    """Raises Invalid if somebody else of the same list has the address, with or without an account."""
    for people in (Client, StaffMember):
        if _number(people, identity.id) is None:
            continue
        others = people.identity.is_null() | (people.identity != identity.id)
        theirs = (people.agency == identity.agency_id) & (people.email_key == address.key)
        if people.select().where(theirs & others).exists():
            raise Invalid({"email": _TAKEN.format(address.address)})
