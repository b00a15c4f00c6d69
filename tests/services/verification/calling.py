"""What the tests of callers share: a caller with everything set up, and agents who ask."""

from __future__ import annotations

from dataclasses import replace

from models.identity import Identity, OneTimeToken
from models.states import Role, TokenPurpose
from services.actor import Actor
from services.context import Context
from services.credentials import tokens
from services.credentials.passwords import Secret
from services.desk import Desk
from tests import making
from tests.making import MadeAgency


def with_mail(desk: Desk) -> Desk:
    """The same desk with a mail server: without one no code reaches anybody."""
    settings = replace(desk.ctx.settings, mail=replace(desk.ctx.settings.mail, host="mail.example"))
    return Desk(replace(desk.ctx, settings=settings))


def agent(desk: Desk, ray: MadeAgency, name: str = "ann", role: Role = Role.AGENT) -> Actor:
    """Somebody of the helpdesk, signed in."""
    return making.make_staff(desk, ray.agency, f"{name}@raystaging.example.com", role=role, first=name.title())


def newest_code(ctx: Context, identity: Identity) -> Secret:
    """The digits in the newest mail for a call."""
    with ctx.read():
        token = (
            OneTimeToken.select()
            .where((OneTimeToken.identity == identity) & (OneTimeToken.purpose == TokenPurpose.CALLER))
            .order_by(OneTimeToken.id.desc())
            .get()
        )
        return Secret(tokens.code_of(ctx.keys.mail, token.message.uuid, TokenPurpose.CALLER))


def other_than(code: Secret) -> Secret:
    """Six digits that are wrong."""
    return Secret(f"{(int(code.reveal()) + 1) % 10**6:06}")
