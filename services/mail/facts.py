"""What a mail is made from: everything but its secrets, which nobody keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from peewee import JOIN, Expression

from models.agency import Agency
from models.client import Client
from models.identity import Credential, Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import CredentialKind, MailPurpose, TokenPurpose, TokenState
from services import agency_policy
from services.conventions import Conventions
from services.credentials import tokens

OPENED_BY: Mapping[MailPurpose, TokenPurpose] = {mail: token for token, mail in tokens.MAIL_OF.items()}
"""The mails that carry a link and a code, and what these open."""

SECRET: frozenset[MailPurpose] = frozenset((*OPENED_BY, MailPurpose.TEMPORARY))
"""The mails that carry something which opens an account."""


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """The agency on whose behalf a mail goes out, as stored; `profile` sets how long links and codes live.

    Attributes:
        written: how it writes its phone number.
    """

    name: str
    code: str
    address: str
    phone: str
    email: str
    portal_address: str
    profile: str
    written: Conventions


@dataclass(frozen=True, slots=True)
class MailFacts:
    """One message of the outbox with what its template needs.

    Attributes:
        uuid: the message's own number, from which its Message-ID, link and code are derived.
        user_name: the account's address as it is now.
        created_by: whose action caused the mail.
        details: what the action left for the template, JSON as the outbox keeps it.
        undo: whether a notice to an old address brings the link and the code that undo the change; the notice goes
            out anyway.
    """

    uuid: str
    purpose: MailPurpose
    to_address: str
    to_name: str
    user_name: str
    created_at: datetime
    created_by: str
    details: str
    agency: AgencyFacts
    undo: bool = True


def rows_where(condition: Expression) -> list[dict[str, Any]]:
    """Messages with their agency, and with account, person, token and temporary password as they are now, if they are.

    Call it inside `ctx.read()` or `ctx.unit()`.
    """
    query = (
        OutboxMessage.select(
            OutboxMessage,
            Agency.name.alias("agency_name"),
            Agency.code.alias("agency_code"),
            Agency.address.alias("agency_address"),
            Agency.phone.alias("agency_phone"),
            Agency.email.alias("agency_email"),
            Agency.portal_address.alias("portal_address"),
            Agency.profile.alias("profile"),
            Agency.adjustments.alias("adjustments"),
            Identity.email.alias("user_name"),
            Identity.role.alias("role"),
            Client.id.alias("client_id"),
            Client.access.alias("access"),
            StaffMember.id.alias("staff_id"),
            StaffMember.access.alias("staff_access"),
            OneTimeToken.state.alias("token_state"),
            OneTimeToken.expires_at.alias("token_expires_at"),
            Credential.verifier.alias("temporary_verifier"),
            Credential.expires_at.alias("temporary_expires_at"),
        )
        .join(Agency)
        .join_from(OutboxMessage, Identity, JOIN.LEFT_OUTER, on=(Identity.id == OutboxMessage.identity_id))
        .join_from(OutboxMessage, Client, JOIN.LEFT_OUTER, on=(Client.identity == OutboxMessage.identity_id))
        .join_from(OutboxMessage, StaffMember, JOIN.LEFT_OUTER, on=(StaffMember.identity == OutboxMessage.identity_id))
        .join_from(
            OutboxMessage,
            Credential,
            JOIN.LEFT_OUTER,
            on=(Credential.identity == OutboxMessage.identity_id) & (Credential.kind == CredentialKind.TEMPORARY),
        )
        .join_from(OutboxMessage, OneTimeToken, JOIN.LEFT_OUTER, on=(OneTimeToken.message == OutboxMessage.id))
        .where(condition)
        .dicts()
    )
    return cast("list[dict[str, Any]]", list(query))


def facts_of(row: dict[str, Any]) -> MailFacts:
    """The facts in a row of `rows_where`."""
    return MailFacts(
        uuid=row["uuid"],
        purpose=row["purpose"],
        to_address=row["to_address"],
        to_name=row["to_name"],
        user_name=row["user_name"] or row["to_address"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        details=row["details"],
        agency=AgencyFacts(
            name=row["agency_name"],
            code=row["agency_code"],
            address=row["agency_address"],
            phone=row["agency_phone"],
            email=row["agency_email"],
            portal_address=row["portal_address"],
            profile=row["profile"],
            written=agency_policy.read(row["profile"], row["adjustments"]).conventions,
        ),
        undo=row["token_state"] is TokenState.LIVE
        or (row["token_state"] is not None and row["accepted_at"] is not None),
    )
