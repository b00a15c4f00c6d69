"""What somebody was typing when their line dropped: kept sealed, and offered again to the same person alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from models.client import Client
from models.staff import StaffMember
from models.states import Surface
from models.unfinished import Draft
from services import persons, sessions
from services.actor import Actor
from services.agency_policy import AgencyPolicy
from services.clients.values import ClientFields
from services.context import Context
from services.credentials import sealing
from services.credentials.sealing import SealBroken
from services.errors import NotFound, Refused
from services.help_queue.masking import mask
from services.offices import scope_of
from services.person_key import PersonKey, PersonKind
from services.properties.values import MortgageFields, PropertyFields
from services.rights import Right, has
from services.staff.values import StaffFields
from services.text import safe

MOST = 20
"""Drafts of one person; the oldest makes room."""

MOST_OCTETS = 16_000
"""Octets of one draft before it is sealed."""

LIFETIME = timedelta(days=7)

_GONE = "This draft is not here any more. Go back to the form, and type it again."

Value = str | bool
"""What stands in a field: a text, or whether something is ticked."""


class DraftForm(StrEnum):
    """The forms of which drafts are kept; no other may keep one."""

    CLIENT = "client"
    STAFF = "staff"
    IDENTITY = "identity"
    ACCOUNT = "account"
    RULES = "rules"
    HELP = "help"
    PROPERTY = "property"
    MORTGAGE = "mortgage"


@dataclass(frozen=True, slots=True)
class _Form:
    """What may be kept of a form.

    Attributes:
        fields: never one that takes a password, a code, an answer or a token.
        right: what one needs to fill it in; None for everybody's own.
    """

    fields: frozenset[str]
    right: Right | None = Right.ACT


def _names(values: type[Any]) -> frozenset[str]:
    return frozenset(values.__dataclass_fields__)


FORMS: Mapping[DraftForm, _Form] = {
    DraftForm.CLIENT: _Form(_names(ClientFields)),
    DraftForm.STAFF: _Form(_names(StaffFields)),
    DraftForm.IDENTITY: _Form(frozenset({"user_name", "email", "role", "offices", "migrate"})),
    DraftForm.ACCOUNT: _Form(frozenset({"role", "offices"})),
    DraftForm.RULES: _Form(_names(AgencyPolicy), Right.RULES),
    DraftForm.PROPERTY: _Form(_names(PropertyFields)),
    DraftForm.MORTGAGE: _Form(_names(MortgageFields)),
    DraftForm.HELP: _Form(frozenset({"name", "usual", "topic"}), None),
}


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Which form it is, and whom it is about; None for somebody new, and where it is about nobody.

    Attributes:
        part: what of that person, where a form is about one of several things: "new", or its number.
    """

    form: DraftForm
    person: PersonKey | None = None
    part: str = ""

    @property
    def about(self) -> str:
        """The person and the part as the table has them."""
        if self.person is None:
            return ""
        return ":".join(word for word in (self.person.kind, str(self.person.id), self.part) if word)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form, right or wrong.

    Attributes:
        title: what the person was doing: "Edit Brent Thomas".
        fields: by their names.
        read: what stood in the record when it was read, and its version, for whoever changed it meanwhile.
    """

    title: str = field(repr=False)
    fields: Mapping[str, Value] = field(repr=False)
    read: Mapping[str, Value] = field(default_factory=dict, repr=False)
    version: int = 0


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft that is offered.

    Attributes:
        gone: whether the person it is about is in no list any more, so that it cannot be gone on with.
    """

    id: int
    key: DraftKey
    title: str
    kept_at: datetime
    gone: bool


class Drafts:
    """Keeps what is typed; who came in by the access key, and whoever stands at a kiosk, has no drafts."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def keep(self, actor: Actor, key: DraftKey, typed: Typed) -> None:
        """Keep it in the place of an older one of the same form; a locked session may.

        Raises Refused if it is too large, NotFound for somebody who is out of sight, SignedOut, or Forbidden.
        """
        if actor.identity_id is None or actor.origin.surface is Surface.KIOSK:
            return
        sealed = self._sealed(actor.identity_id, key, typed)
        now = self._ctx.clock.now()
        with self._ctx.unit():
            self._require(actor, key)
            Draft.insert(
                identity=actor.identity_id, form=key.form, about=key.about, sealed=sealed, kept_at=now
            ).on_conflict(
                conflict_target=(Draft.identity, Draft.form, Draft.about),
                update={Draft.sealed: sealed, Draft.kept_at: now},
            ).execute()
            Draft.delete().where(Draft.kept_at <= now - LIFETIME).execute()
            mine = Draft.select(Draft.id).where(Draft.identity == actor.identity_id)
            too_many = [row.id for row in mine.order_by(Draft.kept_at.desc(), Draft.id.desc()).offset(MOST).limit(MOST)]
            if too_many:
                Draft.delete().where(Draft.id.in_(too_many)).execute()

    def drop(self, actor: Actor, key: DraftKey) -> None:
        """Throw it away, if there is one; also in a session that has just ended by what was saved."""
        if actor.identity_id is not None:
            with self._ctx.unit():
                Draft.delete().where(_same(actor.identity_id, key)).execute()

    def waiting(self, actor: Actor) -> tuple[WaitingDraft, ...]:
        """The person's own drafts, the newest first, but for those about people whom they do not see.

        Raises SignedOut or Refused.
        """
        with self._ctx.read():
            sessions.require(self._ctx, actor)
            return tuple(draft for row in self._mine(actor) if (draft := self._seen(actor, row)) is not None)

    def take(self, actor: Actor, draft_id: int) -> Typed:
        """What was typed; it stays kept until it is saved or thrown away. Raises NotFound, SignedOut or Refused."""
        with self._ctx.read():
            sessions.require(self._ctx, actor)
            for row in self._mine(actor):
                draft = self._seen(actor, row) if row.id == draft_id else None
                typed = None if draft is None or draft.gone else self._opened(row)
                if typed is not None:
                    return typed
        raise NotFound(_GONE)

    def _require(self, actor: Actor, key: DraftKey) -> None:
        sessions.require(self._ctx, actor, locked=True)
        right = FORMS[key.form].right
        if right is not None:
            sessions.require_right(self._ctx, actor, right)
        if key.person is not None:
            persons.find(actor, key.person)

    def _sealed(self, identity_id: int, key: DraftKey, typed: Typed) -> str:
        text = json.dumps(
            {
                "title": typed.title,
                "fields": _kept(key.form, typed.fields),
                "read": _kept(key.form, typed.read),
                "version": typed.version,
            }
        )
        if len(text) > MOST_OCTETS:
            raise Refused(f"This form holds {len(text):,} signs; {MOST_OCTETS:,} can be kept. Save it soon.")
        return sealing.seal(self._ctx.keys, text, _owner(identity_id, key.form, key.about))

    def _mine(self, actor: Actor) -> Iterable[Draft]:
        fresh = Draft.kept_at > self._ctx.clock.now() - LIFETIME
        mine = Draft.select().where((Draft.identity == actor.identity_id) & fresh)
        rows: Iterable[Draft] = mine.order_by(Draft.kept_at.desc(), Draft.id.desc())
        return rows

    def _seen(self, actor: Actor, row: Draft) -> WaitingDraft | None:
        """The draft if it is for this person's eyes now and can be read."""
        key = _key_of(row)
        typed = self._opened(row)
        if key is None or typed is None:
            return None
        if not _may(actor, key.form):
            return None
        gone = False
        if key.person is not None:
            office = _office_of(actor, key.person)
            gone = office is _NOBODY
            if not gone and not scope_of(actor).allows(office):
                return None
        return WaitingDraft(int(row.id), key, safe(typed.title), row.kept_at, gone)

    def _opened(self, row: Draft) -> Typed | None:
        """What was typed, None for what no key opens any more."""
        try:
            told = json.loads(sealing.unseal(self._ctx.keys, row.sealed, owner_of(row)))
            form = DraftForm(row.form)
            # An older version of the program may have kept more.
            return Typed(told["title"], _kept(form, told["fields"]), _kept(form, told["read"]), told["version"])
        except (SealBroken, ValueError, KeyError, TypeError):
            return None


def owner_of(row: Draft) -> str:
    """The words under which a draft is sealed."""
    return _owner(row.identity_id, row.form, row.about)


def _owner(identity_id: int, form: str, about: str) -> str:
    return f"draft:{identity_id}:{form}:{about}"


def _kept(form: DraftForm, fields: Mapping[str, Value]) -> dict[str, Value]:
    """What of it may be kept; a request for help is written by people who tell secrets."""
    kept = {name: value for name, value in fields.items() if name in FORMS[form].fields}
    if form is DraftForm.HELP:
        return {name: mask(value) if isinstance(value, str) else value for name, value in kept.items()}
    return kept


def _same(identity_id: int, key: DraftKey) -> Any:
    return (Draft.identity == identity_id) & (Draft.form == key.form.value) & (Draft.about == key.about)


def _may(actor: Actor, form: DraftForm) -> bool:
    """Whether the form opens for this person, where they are."""
    right = FORMS[form].right
    return right is None or (has(actor.role, right) and not sessions.why_no_desk(actor.agency_id, actor.origin))


def _key_of(row: Draft) -> DraftKey | None:
    """Which form it is; None for one that this version does not have."""
    try:
        if not row.about:
            return DraftKey(DraftForm(row.form))
        kind, number, *part = row.about.split(":", 2)
        return DraftKey(DraftForm(row.form), PersonKey(PersonKind(kind), int(number)), "".join(part))
    except ValueError:
        return None


_NOBODY = object()


def _office_of(actor: Actor, person: PersonKey) -> Any:
    table: Any = Client if person.kind is PersonKind.CLIENT else StaffMember
    found = table.select(table.office).where((table.id == person.id) & (table.agency == actor.agency_id)).first()
    return _NOBODY if found is None else found.office_id
