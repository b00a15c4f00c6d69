"""What several services need to know of an account, and the order in which they lock it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peewee import ModelSelect

from models.client import Client
from models.database import is_postgresql
from models.identity import Credential, Identity
from models.staff import StaffMember
from models.states import CredentialKind
from services import agency_policy, throttle
from services.context import Context
from services.credentials import factor
from services.credentials.policy import About, PasswordPolicy
from services.rules import Problem, clean_company_code, clean_email

_SIGN_IN = "sign-in"


def hold(ctx: Context, identity_id: int) -> Identity | None:
    """Keep everybody else from changing an account until the unit of work ends, and read it anew.

    The person's row is locked first, as the edit forms do; the other order could end in a deadlock.
    """
    held(ctx, Client.select(Client.id).where(Client.identity == identity_id)).execute()
    held(ctx, StaffMember.select(StaffMember.id).where(StaffMember.identity == identity_id)).execute()
    found: Identity | None = held(ctx, Identity.select().where(Identity.id == identity_id)).first()
    return found


def held(ctx: Context, rows: ModelSelect[Any]) -> ModelSelect[Any]:
    """The rows, locked until the unit of work ends; on SQLite a unit of work has the whole file to itself."""
    return rows.for_update() if is_postgresql(ctx.database) else rows


def verifier_of(identity_id: int) -> str | None:
    """The stored form of the password, None without one; call it inside `ctx.read()` or `ctx.unit()`."""
    row = Credential.get_or_none((Credential.identity == identity_id) & (Credential.kind == CredentialKind.PASSWORD))
    return None if row is None else str(row.verifier)


def store_verifier(ctx: Context, identity_id: int, verifier: str) -> None:
    """Put a password in the place of the old one, if there was any; call it with the account held."""
    now = ctx.clock.now()
    replaced = (
        Credential.update(verifier=verifier, created_at=now, expires_at=None)
        .where((Credential.identity == identity_id) & (Credential.kind == CredentialKind.PASSWORD))
        .execute()
    )
    if not replaced:
        Credential.create(identity=identity_id, kind=CredentialKind.PASSWORD, verifier=verifier, created_at=now)


def client_id_of(identity_id: int) -> int | None:
    """The client whose account it is, None for staff; call it inside `ctx.read()` or `ctx.unit()`."""
    client = Client.select(Client.id).where(Client.identity == identity_id).first()
    return None if client is None else int(client.id)


def follow_name(person: Client | StaffMember) -> None:
    """Give the account the person's name, by which mails greet; call it inside `ctx.unit()`."""
    kind = type(person)
    account = kind.select(kind.identity).where(kind.id == person.id)
    Identity.update(name=full_name(person.first_name, person.last_name)).where(Identity.id.in_(account)).execute()


def full_name(first: str, last: str) -> str:
    """First and last name in one line."""
    return f"{first} {last}".strip()


def policy_of(identity: Identity) -> PasswordPolicy:
    """What the agency asks of this account's password; less beside a second factor.

    Call it inside `ctx.read()` or `ctx.unit()`.
    """
    return agency_policy.policy_of(identity.agency).password(second_factor=factor.is_enrolled(identity.id))


def about(identity: Identity) -> About:
    """What a stranger who knows the person would try first."""
    first, _, last = identity.name.partition(" ")
    return About(first, last, identity.email, identity.agency.name, identity.agency.code)


def sign_in_key(ctx: Context, company_code: str, user_name: str) -> str:
    """Under which the failures of one account are counted, whether it exists or not, from every entrance."""
    return throttle.key(ctx, _SIGN_IN, code_key(company_code), email_key(user_name))


def stored_sign_in_keys(ctx: Context, code: str) -> Callable[[str], str]:
    """The same of very many accounts of one agency: of each address, as the tables keep code and address."""
    return throttle.keys(ctx, _SIGN_IN, code)


def code_key(company_code: str) -> str:
    """Equal for company codes that only case tells apart; never fails, whatever was typed."""
    try:
        return clean_company_code(company_code).lower()
    except Problem:
        return _harmless(company_code)


def email_key(user_name: str) -> str:
    """Equal for addresses that only case and width tell apart; never fails, whatever was typed."""
    try:
        return clean_email(user_name).key
    except Problem:
        return _harmless(user_name)


def _harmless(text: str) -> str:
    """A key that nothing stored can have and that breaks no query, as NUL and halves of signs would."""
    return f"\n{text[:300].casefold()}".encode("utf-8", "replace").decode().replace("\0", "?")


def typed_address(user_name: str) -> str:
    """What the audit keeps of it: an address, or nothing, since people type passwords there by mistake."""
    try:
        return clean_email(user_name).address
    except Problem:
        return ""
