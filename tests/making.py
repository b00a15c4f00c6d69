"""Builders for tests: an agency, its people, and what stands in the mail that they were sent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from models.agency import Agency
from models.audit import AuditEntry
from models.client import Client
from models.identity import Identity, OneTimeToken, Throttle
from models.outbox import OutboxMessage
from models.security import CallerCheck
from models.staff import StaffMember
from models.states import Access, CheckMethod, IdentityState, MailPurpose, MailState, Role, Surface, TokenPurpose
from services import person_key, sessions, temporary_credential
from services.accounts.accounts import ResetReason
from services.accounts.identities import email_key, full_name, store_verifier
from services.actor import Actor, Origin
from services.clients import fields as client_fields
from services.context import Context
from services.credentials import codes, tokens
from services.credentials.passwords import Passwords, Secret
from services.desk import Desk
from services.new_agency import NewAgency
from services.person_key import PersonKey, PersonKind
from services.verification.values import Level

PASSWORD = Secret("plum orbit candle seven")
"""What everybody made here signs in with unless told otherwise."""

HERE = Origin(Surface.DESK, "203.0.113.7")


class MadeAgency(NamedTuple):
    """An agency and its administrator, signed in."""

    agency: Agency
    admin: Actor


def with_mail_server(ctx: Context) -> Context:
    """The context of a desk with a mail server, which nothing is sent to before a delivery runs."""
    return replace(ctx, settings=replace(ctx.settings, mail=replace(ctx.settings.mail, host="mail.example")))


class Secrets(NamedTuple):
    """What the newest mail to a person carries."""

    token: str
    code: str
    link: str


def new_agency(**changed: object) -> NewAgency:
    """The fields of the first-run screen, all valid."""
    fields: dict[str, object] = {
        "name": "Ray Staging",
        "code": "RAY-919",
        "address": "12 Harbour Road\nSan Diego",
        "phone": "(519) 555-0143",
        "email": "office@raystaging.example.com",
        "admin_first": "Sue",
        "admin_last": "Wright",
        "admin_email": "sue@raystaging.example.com",
        "password": PASSWORD,
    }
    return NewAgency(**(fields | changed))  # type: ignore[arg-type]  # the fields above have their types


def make_agency(
    desk: Desk, code: str = "RAY-919", admin_email: str = "sue@raystaging.example.com", **policy: object
) -> MadeAgency:
    """An agency with its administrator, signed in; a second one may be made beside the first, under another code.

    Nobody must have a second factor and a reset takes one mail, unless `policy` adjusts its rules otherwise.
    What `Agencies.found` would store, which has tests of its own, without its checks: nearly every test begins so.
    """
    if desk.is_founded():
        draft = new_agency(code=code, name=f"Agency {code}", admin_first="Ann", admin_last="Agent")
    else:
        draft = new_agency(code=code)
    with desk.ctx.unit():
        agency = Agency.create(
            name=draft.name,
            code=code,
            code_key=code.lower(),
            address=draft.address,
            phone="+15195550143",
            email=draft.email,
            adjustments=json.dumps({"factor": "nobody", "reset_mails": 1} | policy),
            created_at=desk.ctx.clock.now(),
        )
    names = {"first": draft.admin_first, "last": draft.admin_last}
    return MadeAgency(agency, make_staff(desk, agency, admin_email, role=Role.ADMINISTRATOR, **names))


def make_staff(
    desk: Desk, agency: Agency, email: str, *, role: Role = Role.AGENT, first: str = "Ann", last: str = "Agent"
) -> Actor:
    """Somebody who works for the agency, active with PASSWORD and signed in."""
    verifier = Passwords(desk.ctx.keys, desk.ctx.bcrypt_cost).hash(PASSWORD)
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        identity = Identity.create(
            agency=agency,
            email=email,
            email_key=email_key(email),
            name=full_name(first, last),
            role=role,
            state=IdentityState.ACTIVE,
            created_at=now,
            activated_at=now,
            state_changed_at=now,
            state_changed_by="test",
            secured_at=now,
        )
        StaffMember.create(
            agency=agency,
            identity=identity,
            first_name=first,
            last_name=last,
            email=email,
            email_key=email_key(email),
            role=role,
            created_at=now,
            changed_at=now,
            search=client_fields.search_text(first, last, email, ""),
            name_key=client_fields.name_key(first, last),
            access=Access.ACTIVE,
        )
        store_verifier(desk.ctx, identity.id, verifier)
        return sessions.open_session(desk.ctx, identity, HERE)


def make_client(
    desk: Desk,
    agency: Agency,
    email: str = "brent@mortgageclient.example.com",
    *,
    first: str = "Brent",
    last: str = "Thomas",
    **columns: object,
) -> Client:
    """A client without an account."""
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        return Client.create(
            **{
                "agency": agency,
                "first_name": first,
                "last_name": last,
                "email": email,
                "email_key": email_key(email),
                "created_at": now,
                "changed_at": now,
                "changed_by": "test",
                "search": client_fields.search_text(first, last, email, ""),
                "name_key": client_fields.name_key(first, last),
            }
            | columns
        )


def give_account(desk: Desk, actor: Actor, client: Client, password: Secret | None = PASSWORD) -> Identity:
    """An account for the client: activated through its welcome mail, or still pending without a password."""
    desk.accounts.create_and_welcome(actor, person_key.client(client.id))
    identity = identity_of(desk.ctx, client)
    if password is not None:
        desk.recovery.choose_password(sent_secrets(desk.ctx, identity).link, "", password, HERE)
    with desk.ctx.unit():
        secure(desk.ctx, identity)
    return identity_of(desk.ctx, client)


def secure(ctx: Context, identity: Identity | None = None, *, secured: bool = True) -> None:
    """Let somebody, or everybody, have answered the security questions, or not; call it inside `ctx.unit()`."""
    change = Identity.update(secured_at=ctx.clock.now() if secured else None)
    (change if identity is None else change.where(Identity.id == identity.id)).execute()


def temporary_in(ctx: Context, message: OutboxMessage) -> Secret:
    """The temporary password that stands in a mail."""
    return Secret(codes.show_code(codes.temporary_password(ctx.keys.mail, message.uuid)))


def send_reset(desk: Desk, actor: Actor, client: Client) -> Secrets:
    """What the reset mail carries that staff now send; the clock must have passed the five minutes."""
    desk.accounts.send_reset(actor, person_key.client(client.id), ResetReason.FORGOTTEN)
    return sent_secrets(desk.ctx, identity_of(desk.ctx, client))


def identity_of(ctx: Context, client: Client) -> Identity:
    """The client's account as it stands in the database."""
    with ctx.read():
        return Identity.select().join(Client).where(Client.id == client.id).get()


def account_behind(ctx: Context, person: PersonKey) -> Identity:
    """The account of a client or a staff member as it stands in the database."""
    table: type[Client] | type[StaffMember] = Client if person.kind is PersonKind.CLIENT else StaffMember
    with ctx.read():
        return Identity.get_by_id(table.get_by_id(person.id).identity_id)


def verified(desk: Desk, actor: Actor, person: PersonKey) -> None:
    """Let the caller count as known to the actor in every way, for a day instead of ten minutes."""
    now = desk.ctx.clock.now()
    identity = account_behind(desk.ctx, person)
    with desk.ctx.unit():
        CallerCheck.create(
            agency=actor.agency_id,
            session=actor.session_id,
            identity=identity,
            method=CheckMethod.SECOND_FACTOR,
            level=Level.CLEAR_FACTOR.value,
            created_at=now,
            met_at=now,
            holds_until=now + timedelta(days=1),
        )


def reread(ctx: Context, row: Client) -> Client:
    """The client as it stands in the database."""
    with ctx.read():
        return Client.get_by_id(row.id)


def mails(ctx: Context, identity: Identity, purpose: MailPurpose | None = None) -> list[OutboxMessage]:
    """All mails of a person, oldest first, of one purpose or of all."""
    which = OutboxMessage.identity_id == identity.id
    if purpose is not None:
        which &= OutboxMessage.purpose == purpose
    with ctx.read():
        return list(OutboxMessage.select().where(which).order_by(OutboxMessage.id))


def tokens_of(ctx: Context, identity: Identity, purpose: TokenPurpose | None = None) -> list[OneTimeToken]:
    """All links and codes of a person, oldest first, of one purpose or of all."""
    which = OneTimeToken.identity == identity.id
    if purpose is not None:
        which &= OneTimeToken.purpose == purpose
    with ctx.read():
        return list(OneTimeToken.select().where(which).order_by(OneTimeToken.id))


def sent_secrets(ctx: Context, identity: Identity) -> Secrets:
    """The link and the code of the newest mail that carries them, as the mail itself would derive them."""
    return secrets_of(ctx, tokens_of(ctx, identity)[-1])


def secrets_of(ctx: Context, token: OneTimeToken) -> Secrets:
    """The same for one token."""
    with ctx.read():
        mail_id, purpose = token.message.uuid, token.purpose.value
    secret = codes.link_token(ctx.keys.mail, mail_id, purpose)
    code = codes.show_code(codes.typed_code(ctx.keys.mail, mail_id, purpose))
    return Secrets(secret, code, f"{ctx.settings.public_url}/#{purpose}={secret}")


def server_took(ctx: Context, message: OutboxMessage) -> None:
    """What delivery does once the mail server has taken a mail."""
    now = ctx.clock.now()
    with ctx.unit():
        OutboxMessage.update(state=MailState.SENT, accepted_at=now, ended_at=now).where(
            OutboxMessage.id == message.id
        ).execute()
        for token in OneTimeToken.select().where(OneTimeToken.message == message.id):
            tokens.accepted([message.id], token.purpose, token.identity.agency.profile, now)
        if message.purpose is MailPurpose.TEMPORARY:
            temporary_credential.accepted([message.id], now)


def entries(ctx: Context, action: str | None = None) -> list[AuditEntry]:
    """The audit, oldest first, of one action or of all."""
    with ctx.read():
        found = AuditEntry.select().order_by(AuditEntry.id)
        return list(found if action is None else found.where(AuditEntry.action == action))


def throttles(ctx: Context) -> dict[str, int]:
    """What is counted, by its hashed key."""
    with ctx.read():
        return {row.key: row.count for row in Throttle.select()}
