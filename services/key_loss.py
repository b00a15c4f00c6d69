"""Goes on with other keys when the key file is lost and no copy is left: everybody needs a reset then."""

from __future__ import annotations

from models.agency import Installation
from models.identity import Identity, OneTimeToken, Session
from models.security import RecoveryCode, SecondFactor
from models.states import IdentityState, Role, TokenPurpose, TokenState
from services.accounts.identities import email_key
from services.actor import Actor
from services.auditing.resealing import reseal
from services.context import Context
from services.credentials import codes, tokens
from services.errors import Invalid, Refused
from services.mail import outbox

_BECAUSE = "the keys of the desk were lost"


def adopt(ctx: Context, actor: Actor, admin_email: str, reason: str) -> str:
    """Let the database belong to the keys of this context; returns the code with which an administrator comes in.

    No password, link, code or second factor of before opens anything any more; sessions end, and the audit trail is
    accepted as it stands. The named administrator's second factor is taken off; staff take off everybody else's.
    Raises Refused if the keys belong to the database already; Invalid for `admin` and `reason`.
    """
    with ctx.read():
        installation = Installation.get_or_none()
        admin = Identity.get_or_none(
            (Identity.agency == actor.agency_id)
            & (Identity.email_key == email_key(admin_email))
            & (Identity.role == Role.ADMINISTRATOR)
            & (Identity.state != IdentityState.DEACTIVATED)
        )
    if installation is None or installation.key_check == ctx.keys.check_value():
        raise Refused("These keys belong to this database already. Nothing was changed.")
    if admin is None:
        raise Invalid({"admin": "No administrator has this address. Name one who can sign in."})
    reseal(ctx, actor, reason)
    now = ctx.clock.now()
    with ctx.unit():
        Session.update(ended_at=now, ended_because=_BECAUSE).where(Session.ended_at.is_null()).execute()
        live = OneTimeToken.state == TokenState.LIVE
        outbox.take_back(ctx, OneTimeToken.select(OneTimeToken.message).where(live))
        OneTimeToken.update(state=TokenState.REVOKED, ended_at=now).where(live).execute()
        for table in (SecondFactor, RecoveryCode):
            table.delete().where(table.identity == admin.id).execute()
        purpose = TokenPurpose.ACTIVATE if admin.state is IdentityState.PENDING else TokenPurpose.RESET
        token = tokens.issue(ctx, admin, purpose, by=actor.name)
        code = codes.typed_code(ctx.keys.mail, token.message.uuid, purpose.value)
        # Last: whoever is interrupted before can begin again.
        Installation.update(key_check=ctx.keys.check_value()).execute()
    return codes.show_code(code)
