"""SSH keys of other people's accounts: bound, listed and revoked by administrators."""

from __future__ import annotations

from peewee import IntegrityError

from models.identity import Identity
from models.ssh_key import SshKey
from models.states import IdentityState
from services import audit, persons, sessions
from services.accounts.identities import hold
from services.accounts.shown import verified_for_email
from services.accounts.taking import allowed, take
from services.actor import Actor
from services.clients.values import PersonAction
from services.context import Context
from services.errors import Invalid, NotFound, Refused
from services.mail import notices
from services.mail.notices import Notice
from services.person_key import PersonKey
from services.rights import Right
from services.rule_lines import Problem
from services.ssh_keys.fingerprint import as_typed
from services.ssh_keys.public_key import PublicKey, read_key
from services.ssh_keys.standing import count_live, live_by, take_off, view_of, views_of
from services.ssh_keys.values import SshKeysView, SshKeyView
from services.text import safe

MOST = 10
"""Keys that open one account at the same time."""

_NOT_HERE = "No such key is bound to an account. It may have been revoked in the meantime."
_DEACTIVATED = "The account is deactivated, so no key is bound to it. Reactivate it first."
_TOO_MANY = f"{MOST} keys open this account already, and more cannot be kept in view. Revoke one first."
_TWICE = "This key is bound to this account already. There is nothing to do."
_TAKEN = (
    "This key opens the account of {name} already, and a key opens one account. "
    "Revoke it there first, or let the person make another one with `ssh-keygen -t ed25519`."
)
_TAKEN_ELSEWHERE = (
    "This key opens another account already, and a key opens one account. "
    "Let the person make another one with `ssh-keygen -t ed25519`."
)


class SshKeys:
    """Decides which keys stand for company code, user name and password of whom."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def of(self, actor: Actor, person: PersonKey) -> SshKeysView:
        """The keys of somebody. Raises NotFound, Forbidden, SignedOut, or Refused for somebody who can have none."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.SSH_KEYS)
            row = persons.find(actor, person)
            identity = allowed(actor, row, persons.account_of(row), PersonAction.SSH_KEYS)
            return SshKeysView(
                safe(persons.name_of(row)), _why_none_more(identity), views_of(SshKey.identity == identity.id)
            )

    def list(self, actor: Actor) -> tuple[SshKeyView, ...]:
        """The keys of everybody whom the actor sees. Raises Forbidden or SignedOut."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.SSH_KEYS)
            here = (SshKey.agency == actor.agency_id) & SshKey.identity.in_(_owners_in_sight(actor))
            return views_of(here)

    def review(self, actor: Actor, person: PersonKey, line: str) -> PublicKey:
        """The key as it would be bound, to be compared with its owner; nothing is stored.

        Raises Invalid for `line`, NotFound, Refused, Forbidden or SignedOut.
        """
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.SSH_KEYS)
            row = persons.find(actor, person)
            return _fitting(actor, allowed(actor, row, persons.account_of(row), PersonAction.SSH_KEYS), line)

    def bind(self, actor: Actor, person: PersonKey, line: str) -> SshKeyView:
        """Let a key stand for the first step of somebody's sign-in; the owner gets a notice.

        Like another e-mail address it asks for a verified caller, unless it is the actor's own account.
        Raises Invalid for `line`, NotFound, Refused, NotVerified, Forbidden or SignedOut.
        """
        with audit.refusals_recorded(self._ctx, actor, audit.Action.SSH_KEY_BOUND, **persons.numbers(person)):
            try:
                return self._bind(actor, person, line)
            except IntegrityError as error:
                # Somebody else bound it at the same moment.
                raise Refused(_TAKEN_ELSEWHERE) from error

    def revoke(self, actor: Actor, fingerprint: str) -> SshKeyView:
        """Let a key open nothing any more: sessions that it began end, and the owner gets a notice.

        Raises NotFound, Refused, Forbidden or SignedOut.
        """
        with audit.refusals_recorded(self._ctx, actor, audit.Action.SSH_KEY_REVOKED), self._ctx.unit():
            sessions.require_staff(self._ctx, actor, Right.SSH_KEYS)
            row = live_by(as_typed(fingerprint))
            if row is None or row.agency_id != actor.agency_id:
                raise NotFound(_NOT_HERE)
            owner = persons.behind(actor, row.identity_id)
            identity = hold(self._ctx, row.identity_id)
            if owner is None or identity is None:
                raise NotFound(_NOT_HERE)
            return take_off(self._ctx, actor, identity, row, owner)

    def _bind(self, actor: Actor, person: PersonKey, line: str) -> SshKeyView:
        with self._ctx.unit():
            sessions.require_staff(self._ctx, actor, Right.SSH_KEYS)
            row = persons.find(actor, person)
            identity = take(self._ctx, actor, row, PersonAction.SSH_KEYS)
            key = _fitting(actor, identity, line)
            own = identity.id == actor.identity_id
            shown = {} if own else verified_for_email(self._ctx, actor, identity)
            made = SshKey.create(
                agency=identity.agency_id,
                identity=identity,
                kind=key.kind,
                blob=key.blob,
                fingerprint=key.fingerprint,
                comment=key.comment,
                bound_at=self._ctx.clock.now(),
                bound_by=actor.name,
            )
            facts = {"key": key.fingerprint, "comment": key.comment}
            notices.tell(self._ctx, identity, Notice.SSH_KEY_BOUND, by=actor.name, **facts)
            audit.record(
                self._ctx,
                actor,
                audit.Action.SSH_KEY_BOUND,
                **persons.numbers(person),
                identity_id=identity.id,
                subject=identity.name,
                details=facts | {"kind": key.kind} | shown,
            )
            return view_of(made)


def _fitting(actor: Actor, identity: Identity, line: str) -> PublicKey:
    """The key of a line that this account may be given. Raises Invalid for `line`, or Refused."""
    try:
        key = read_key(line)
    except Problem as problem:
        raise Invalid({"line": problem.sentence}) from problem
    told = _why_taken(actor, identity, key) or _why_none_more(identity)
    if told:
        raise Refused(told)
    return key


def _why_none_more(identity: Identity) -> str:
    """Why no key is bound to this account now; empty if one may be."""
    if identity.state is IdentityState.DEACTIVATED:
        return _DEACTIVATED
    return _TOO_MANY if count_live(identity.id) >= MOST else ""


def _why_taken(actor: Actor, identity: Identity, key: PublicKey) -> str:
    """Whose key it is already, as far as that is the actor's business; empty for nobody's."""
    row = live_by(key.fingerprint)
    if row is None:
        return ""
    if row.identity_id == identity.id:
        return _TWICE
    seen = row.agency_id == actor.agency_id and persons.behind(actor, row.identity_id) is not None
    return _TAKEN.format(name=safe(row.identity.name)) if seen else _TAKEN_ELSEWHERE


def _owners_in_sight(actor: Actor) -> list[int]:
    """Whose keys the actor may see; few people have any."""
    owners = SshKey.select(SshKey.identity).where(SshKey.agency == actor.agency_id).distinct()
    return [row.identity_id for row in owners if persons.behind(actor, row.identity_id) is not None]
