"""What somebody holds who was mailed a link or a code: found again without using it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from peewee import Expression

from models.identity import Identity, OneTimeToken, Throttle
from models.kiosk import Kiosk
from models.states import AuditResult, TokenPurpose, TokenState
from services import audit, throttle
from services.accounts.identities import client_id_of, email_key, typed_address
from services.actor import Origin
from services.context import Context
from services.credentials import codes, tokens
from services.errors import Invalid, Refused, TooSoon

WRONG_LINK = (
    "This link is not known here. Paste the whole link from the newest mail, "
    'or ask for a new one with "Forgot password".'
)
WRONG_CODE = (
    "This code does not belong to this e-mail address. Check both; after five wrong codes only the link helps. "
    'Or ask for a new mail with "Forgot password".'
)


WRONG_KIOSK_CODE = (
    "This code is not right, or not for this kiosk and this address. Check the newest mail. "
    "After five wrong codes, start again."
)

_PRESENTABLE: Expression = OneTimeToken.purpose.not_in(tokens.CODE_ONLY)
_KIOSK_CODE: Expression = OneTimeToken.purpose == TokenPurpose.KIOSK


@dataclass(frozen=True, slots=True)
class _Typed:
    """Which tokens a typed code may belong to.

    Attributes:
        counted: those that a wrong one brings nearer to their end.
        agency_id: whose people alone are meant; None for everybody's.
    """

    among: Expression
    counted: Expression
    wrong: str = WRONG_CODE
    otherwise: str = ", or use the link from the mail"
    agency_id: int | None = None


# A kiosk's code that is typed elsewhere helps nobody there, but it is a try.
_ANYWHERE = _Typed(_PRESENTABLE, _PRESENTABLE | _KIOSK_CODE)


class TokenAnswer(StrEnum):
    """What a link or code is good for now."""

    LIVE = "live"
    USED = "used"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    REVOKED = "revoked"


ENDED = {
    TokenAnswer.USED: "This link or code has been used: it works once. Sign in, or ask for a fresh one.",
    TokenAnswer.SUPERSEDED: "A newer mail was sent: only its link and code work. Use it, or ask for a fresh one.",
    TokenAnswer.EXPIRED: "The time of this link or code is over. Ask for a fresh one.",
    TokenAnswer.REVOKED: "This link or code was withdrawn when the account changed. Ask for a fresh one.",
}
"""Why an ended link or code opens nothing, and what to do."""

_OVER_AT_KIOSK = {
    TokenAnswer.USED: "This code has been used: it works once. Start again, and a fresh one is mailed.",
    TokenAnswer.SUPERSEDED: "A newer code was mailed: only that one works. Type it, or start again.",
    TokenAnswer.EXPIRED: "The ten minutes of this code are over. Start again, and a fresh one is mailed.",
    TokenAnswer.REVOKED: "This code was withdrawn when the account changed. Start again, and a fresh one is mailed.",
}

_OVER_TO_UNDO = {
    TokenAnswer.USED: "The change has been undone with this link or code already: it works once.",
    TokenAnswer.EXPIRED: "The three days in which the change could be undone are over. Tell the agency instead.",
    TokenAnswer.REVOKED: "There is nothing left to undo: an earlier change was taken back, and this one with it.",
}


def why_ended(purpose: TokenPurpose, answer: TokenAnswer) -> str:
    """Why a link or code opens nothing any more, and what to do; empty while it does."""
    told = {TokenPurpose.UNDO_EMAIL: _OVER_TO_UNDO, TokenPurpose.KIOSK: _OVER_AT_KIOSK}.get(purpose, ENDED)
    return told.get(answer, "")


@dataclass(frozen=True, slots=True)
class Presented:
    """A token that somebody proved to hold.

    Attributes:
        ended_at: when it ceased to help; None while it does.
        sent_to: the address that its mail went to, which need not be the account's any more.
        name: whom the mail greeted.
        caused_by: whose action sent the mail; caused_at: when.
        details: what that action left in the mail, JSON as the outbox keeps it.
    """

    token_id: int
    message_id: int
    identity_id: int
    purpose: TokenPurpose
    answer: TokenAnswer
    ended_at: datetime | None
    sent_to: str
    name: str
    caused_by: str
    caused_at: datetime
    details: str

    @property
    def why_not(self) -> str:
        """Why it no longer helps, and what to do; empty while it does."""
        return why_ended(self.purpose, self.answer)


def present(ctx: Context, link_or_code: str, email: str, origin: Origin) -> Presented:
    """Find the token behind a link, a bare token or a code; nothing is used up, and only failures are written down.

    What works only where it was asked for, the code of a sign-in or of a call, is not found here.

    Args:
        email: needed with a code only.

    Raises Refused with one sentence for every wrong code, whoever's the address is, and one for every wrong or damaged
    link; TooSoon; Invalid for `email`.
    """
    link = codes.read_link(link_or_code)
    if link is None and not codes.is_meant_as_link(link_or_code):
        if not email.strip():
            raise Invalid({"email": "Write the e-mail address to which the code was sent."})
        return _typed(ctx, link_or_code, email, origin, _ANYWHERE)
    with ctx.unit():
        found = None if link is None else _by_link(ctx, link)
    if found is None:
        _record_wrong(ctx, email, origin, AuditResult.FAILED, WRONG_LINK, None)
        raise Refused(WRONG_LINK)
    return found


def present_at_kiosk(ctx: Context, code: str, email: str, origin: Origin, kiosk: Kiosk) -> Presented:
    """The same for a code that this kiosk has asked for; one that another asked for is as wrong as any.

    Raises Refused or TooSoon.
    """
    typed = _Typed(_KIOSK_CODE & (OneTimeToken.kiosk == kiosk.id), _KIOSK_CODE, WRONG_KIOSK_CODE, "", kiosk.agency_id)
    return _typed(ctx, code, email, origin, typed)


def _typed(ctx: Context, code: str, email: str, origin: Origin, typed: _Typed) -> Presented:
    try:
        with ctx.unit():
            found = _by_code(ctx, code, email, typed)
    except TooSoon as refusal:
        _record_wrong(ctx, email, origin, AuditResult.REFUSED, refusal.sentence, typed.agency_id)
        raise
    if found is None:
        _record_wrong(ctx, email, origin, AuditResult.FAILED, typed.wrong, typed.agency_id)
        raise Refused(typed.wrong)
    return found


def answer_now(ctx: Context, token_id: int) -> TokenAnswer:
    """What the link of a token is good for at this moment; call it inside `ctx.unit()`."""
    return _judge(ctx, OneTimeToken.get_by_id(token_id), by_code=False)[0]


def _by_link(ctx: Context, link: str) -> Presented | None:
    token = OneTimeToken.get_or_none(_PRESENTABLE & (OneTimeToken.link_hash == codes.link_hash(link)))
    return None if token is None else _presented(ctx, token, by_code=False)


def _by_code(ctx: Context, text: str, email: str, typed: _Typed) -> Presented | None:
    """Raises TooSoon, and then counts nothing."""
    key = throttle.key(ctx, "code", email_key(email))
    wait = throttle.claim(ctx, key)
    if wait:
        seconds = "1 second" if wait == 1 else f"{wait} seconds"
        raise TooSoon(f"Wait {seconds}, then try the code again{typed.otherwise}.", wait)
    address = OneTimeToken.address_key == email_key(email)
    mailbox = typed.among & address
    # By the mailbox, not by the account that has the address now: an undoing goes to one that it has no more.
    owners = [row.identity_id for row in OneTimeToken.select(OneTimeToken.identity).where(mailbox).distinct()]
    code = codes.read_code(text)
    token = None if code is None else _matching(ctx, mailbox, owners, code)
    if token is None:
        _count_wrong(typed.counted & address, key)
        return None
    throttle.forgive(key)
    return _presented(ctx, token, by_code=True)


def _matching(ctx: Context, mailbox: Expression, owners: Sequence[int], code: str) -> OneTimeToken | None:
    """The newest token that was sent to this mailbox with this code, if its tries are not used up."""
    hashes = [codes.code_hash(ctx.keys.lookup, str(identity), code) for identity in owners]
    found: OneTimeToken | None = (
        OneTimeToken.select()
        .where(mailbox & OneTimeToken.code_hash.in_(hashes) & (OneTimeToken.wrong_tries < tokens.TRIES))
        .order_by(OneTimeToken.id.desc())
        .first()
    )
    return found


def _count_wrong(mailbox: Expression, key: str) -> None:
    live = mailbox & (OneTimeToken.state == TokenState.LIVE)
    counted = (
        OneTimeToken.update(wrong_tries=OneTimeToken.wrong_tries + 1)
        .where(live & (OneTimeToken.wrong_tries < tokens.TRIES))
        .execute()
    )
    if not counted:
        # A row is written for nobody's address too: the time of the writing would tell.
        Throttle.update(count=Throttle.count).where(Throttle.key == key).execute()


def _presented(ctx: Context, token: OneTimeToken, *, by_code: bool) -> Presented:
    answer, ended_at = _judge(ctx, token, by_code=by_code)
    return Presented(
        token_id=token.id,
        message_id=token.message_id,
        identity_id=token.identity_id,
        purpose=token.purpose,
        answer=answer,
        ended_at=ended_at,
        sent_to=token.message.to_address,
        name=token.message.to_name,
        caused_by=token.message.created_by,
        caused_at=token.message.created_at,
        details=token.message.details,
    )


def _judge(ctx: Context, token: OneTimeToken, *, by_code: bool) -> tuple[TokenAnswer, datetime | None]:
    if token.state is not TokenState.LIVE:
        return TokenAnswer(token.state.value), token.ended_at
    expires_at = token.expires_at
    accepted_at = token.message.accepted_at
    if by_code and accepted_at is not None:
        code_lifetime = tokens.code_lifetime(token.identity.agency.profile, token.purpose)
        expires_at = min(expires_at, accepted_at + code_lifetime)
    if expires_at <= ctx.clock.now():
        return TokenAnswer.EXPIRED, expires_at
    return TokenAnswer.LIVE, None


def _record_wrong(
    ctx: Context, email: str, origin: Origin, result: AuditResult, reason: str, agency_id: int | None
) -> None:
    """In the history of everybody whose address it is, in one agency if that is given, or once for nobody's."""
    theirs = Identity.email_key == email_key(email)
    if agency_id is not None:
        theirs &= Identity.agency == agency_id
    with ctx.unit():
        for identity in Identity.select().where(theirs) or (None,):
            audit.record(
                ctx,
                origin,
                audit.Action.TOKEN_WRONG,
                result=result,
                agency_id=identity.agency_id if identity else agency_id,
                # Asked for nobody too: the time of the question would tell.
                client_id=client_id_of(identity.id if identity else 0),
                identity_id=identity.id if identity else None,
                subject=typed_address(email),
                reason=reason,
            )
