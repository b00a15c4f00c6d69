"""What the people of a sandbox have in their heads and on their telephones, for whoever plays them."""

from __future__ import annotations

from collections.abc import Mapping

import pyotp

from models.agency import Agency
from models.client import Client
from models.identity import Identity
from models.outbox import OutboxMessage
from models.security import SecondFactor
from models.staff import StaffMember
from models.states import Awaited, MailPurpose, Role, Surface, TokenPurpose
from services import person_key
from services.accounts.identities import email_key
from services.actor import Actor, Origin
from services.credentials import codes, factor, sealing, tokens, totp
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.desk import Desk
from services.errors import NotFound
from services.mail.facts import OPENED_BY
from services.person_key import PersonKey
from services.sandbox.clock import clock_of

AGENCY = "Ray Staging"
COMPANY_CODE = "919236"

SUPERVISOR = "swright@hometraksupport.example"
AGENT = "frank.jones@hometraksupport.example"
ADMINISTRATOR = "ray@hometraksupport.example"

PASSWORD = "Harbour lamp 27 violet"
"""Of everybody in the sandbox who has chosen one."""

ANSWERS: Mapping[str, str] = {"first_street": "Maple Crescent", "first_pet": "Biscuit", "first_car": "Pontiac Vibe"}
"""The security questions of everybody who has answered them, and what they answered."""

ACCESS_KEY = "HTK4-92QX-7MDP-55TZ"
"""Of the old system; an old password is `legacy-` and the old user name."""

AT_DESK = Origin(Surface.DESK, "desk 3")
AT_HOME = Origin(Surface.PORTAL, "198.51.100.24")


def answered() -> tuple[Answered, ...]:
    """The security questions with their answers."""
    return tuple(Answered(question, Secret(answer)) for question, answer in ANSWERS.items())


def acting(desk: Desk, name: str = "Sue Wright", role: Role = Role.ADMINISTRATOR) -> Actor:
    """Somebody of the agency who needs no session, to make people what they are at the beginning of a scene.

    Raises TypeError for a desk that is no sandbox, as all that follows does.
    """
    clock_of(desk)
    with desk.ctx.read():
        return Actor(Agency.get().id, None, None, name, role, AT_DESK)


def person(desk: Desk, email: str) -> PersonKey:
    """The client or staff member with this address. Raises NotFound."""
    with desk.ctx.read():
        client = Client.get_or_none(Client.email_key == email_key(email))
        if client is not None:
            return person_key.client(client.id)
        member = StaffMember.get_or_none(StaffMember.email_key == email_key(email))
        if member is not None:
            return person_key.staff(member.id)
    raise NotFound(f"Nobody in the sandbox has the address {email}.")


def newest_mail(desk: Desk, to: str, about: str = "") -> OutboxMessage:
    """The newest mail to an address, of one purpose (`MailPurpose`) or of any. Raises NotFound."""
    return _newest(desk, to, [MailPurpose(about)] if about else list(MailPurpose))


def mailed_link(desk: Desk, to: str) -> str:
    """The link in the newest mail to an address that brings one: `#purpose=token`. Raises NotFound."""
    message = _newest(desk, to, list(OPENED_BY))
    purpose = OPENED_BY[message.purpose]
    return f"#{purpose.value}={codes.link_token(desk.ctx.keys.mail, message.uuid, purpose.value)}"


def mailed_code(desk: Desk, to: str, about: MailPurpose) -> str:
    """The code to be typed in the newest mail of one purpose to an address. Raises NotFound."""
    message = newest_mail(desk, to, about)
    purpose = OPENED_BY[message.purpose]
    code = tokens.code_of(desk.ctx.keys.mail, message.uuid, purpose)
    return code if purpose is TokenPurpose.CALLER else codes.show_code(code)


def mailed_password(desk: Desk, to: str) -> str:
    """The temporary password in the newest mail to an address that brings one. Raises NotFound."""
    message = newest_mail(desk, to, MailPurpose.TEMPORARY)
    return codes.show_code(codes.temporary_password(desk.ctx.keys.mail, message.uuid))


def authenticator_code(desk: Desk, email: str) -> str:
    """What the authenticator app of this person shows, also one that waits for its first code. Raises NotFound.

    A code counts once: where the present one was used up, it is the next one, which the desk takes too.
    """
    clock_of(desk)
    with desk.ctx.read():
        row = (
            SecondFactor.select(SecondFactor, Identity)
            .join(Identity)
            .where(Identity.email_key == email_key(email))
            .order_by(SecondFactor.id.desc())
            .first()
        )
        if row is None:
            raise NotFound(f"{email} has no authenticator app.")
        secret = sealing.unseal(desk.ctx.keys, row.sealed, factor.owner(row.identity_id))
    step = totp.step_at(desk.ctx.clock.now())
    return app_code(secret, step if row.last_step is None else max(step, row.last_step + 1))


def app_code(secret: str, step: int) -> str:
    """What an app shows in a step of `totp.step_at`, given its key."""
    return pyotp.TOTP(secret).generate_otp(step)


def sign_in(desk: Desk, email: str, origin: Origin = AT_DESK) -> Actor:
    """Sign somebody in who has PASSWORD, as the form does, with the app's code if one is asked for.

    Raises as `SignIn.sign_in` and `prove` do.
    """
    actor = desk.sign_in.sign_in(COMPANY_CODE, email, Secret(PASSWORD), origin)
    if actor.awaits is Awaited.SECOND_FACTOR:
        actor = desk.sign_in.prove(actor, Secret(authenticator_code(desk, email)))
    return actor


def _newest(desk: Desk, to: str, purposes: list[MailPurpose]) -> OutboxMessage:
    clock_of(desk)
    which = (OutboxMessage.to_address == to) & OutboxMessage.purpose.in_(purposes)
    with desk.ctx.read():
        message = OutboxMessage.select().where(which).order_by(OutboxMessage.id.desc()).first()
    if message is None:
        raise NotFound(f"There is no such mail to {to}.")
    assert isinstance(message, OutboxMessage)  # noqa: S101 - Peewee's stubs do not say so
    return message
