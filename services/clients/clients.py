"""The client list: reading, adding and correcting one client, and the table of all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from peewee import Expression, IntegrityError

from models.client import Client
from models.states import Access
from services import audit, email_change, persons, sessions
from services.accounts import identities
from services.accounts.shown import verified_for_email
from services.actor import Actor
from services.agency_policy import conventions_of
from services.clients import fields as client_fields
from services.clients.rows import ClientRows
from services.clients.values import ClientFields, ClientQuery, ClientRecord, EmailChangeEffects, Saved
from services.context import Context
from services.errors import Conflict, Invalid
from services.offices import scope_of
from services.rights import Right
from services.rules import Email, Problem, clean_birth_date, clean_email, clean_name, clean_phone

T = TypeVar("T")

_TOLD = ("first_name", "last_name", "email", "phone", "date_of_birth", "subscribed")
"""The columns whose change the audit tells; all others follow from them."""


class Clients:
    """What staff do with the list itself; accounts are another service's."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def get(self, actor: Actor, client_id: int) -> ClientRecord:
        """The client as stored now. Raises NotFound."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            return record_of(_find(actor, client_id))

    def count(self, actor: Actor) -> int:
        """How many clients there are in the offices that the actor looks at."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            return int(Client.select().where(_seen(actor)).count())

    def find_by_email(self, actor: Actor, email: str) -> ClientRecord | None:
        """The client with this address in whatever case; None also for what is no address, and for another office's."""
        try:
            key = clean_email(email).key
        except Problem:
            return None
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.LOOK)
            row = Client.get_or_none(_seen(actor) & (Client.email_key == key))
            return None if row is None else record_of(row)

    def rows(self, actor: Actor, query: ClientQuery) -> ClientRows:
        """The table of the clients that a query asks for; nothing is read yet."""
        return ClientRows(self._ctx, actor, query)

    def check(self, fields: ClientFields, today: date) -> dict[str, str]:
        """What is wrong with fields as typed: field name to sentence, in the order of the form."""
        return _Checked(fields, today).problems

    def email_effects(self, actor: Actor, client_id: int, new_email: str) -> EmailChangeEffects:
        """What would follow from another e-mail address. Raises NotFound, or Invalid for `email`."""
        email = _checked_email(new_email)
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor)
            client = _find(actor, client_id)
            _refuse_taken(actor, email, client_id)
            return email_change.preview(self._ctx, client, email)

    def create(self, actor: Actor, fields: ClientFields) -> ClientRecord:
        """Add a client without an account, to the one office that the actor looks at if it is one. Raises Invalid."""
        values = self._checked(fields).columns()
        now = self._ctx.clock.now()
        with audit.refusals_recorded(self._ctx, actor, audit.Action.CLIENT_ADDED), self._ctx.unit():
            sessions.require_staff(self._ctx, actor)
            values |= {
                "agency": actor.agency_id,
                "office": scope_of(actor).home,
                "access": Access.NO_ACCOUNT,
                "created_at": now,
                "changed_at": now,
                "changed_by": actor.name,
            }
            client = _unique(self._ctx, actor, values, lambda: Client.create(**values))
            name = identities.full_name(client.first_name, client.last_name)
            audit.record(self._ctx, actor, audit.Action.CLIENT_ADDED, client_id=client.id, subject=name)
            return record_of(_find(actor, client.id))

    def save(self, actor: Actor, client_id: int, version: int, fields: ClientFields) -> Saved[ClientRecord]:
        """Store what differs, if the client is still as it was read; nothing is written if nothing differs.

        A changed e-mail address takes the account along, and needs a caller who has been verified. Raises Invalid,
        NotFound, NotVerified, or Conflict with their record.
        """
        wanted = self._checked(fields)
        changing = audit.refusals_recorded(self._ctx, actor, audit.Action.CLIENT_CHANGED, client_id=client_id)
        with changing, self._ctx.unit():
            sessions.require_staff(self._ctx, actor)
            client = _find(actor, client_id)
            if client.version != version:
                raise _conflict(client)
            changed = {name: new for name, new in wanted.columns().items() if getattr(client, name) != new}
            if not changed:
                return Saved(record_of(client), email_changed=False)
            shown = self._shown(actor, client, wanted.email) if "email_key" in changed else {}
            if not _unique(self._ctx, actor, changed, lambda: self._update(actor, client, changed)):
                raise _conflict(_find(actor, client_id))
            self._follow(actor, client, wanted, changed, shown)
            return Saved(record_of(_find(actor, client_id)), email_changed="email_key" in changed)

    def _shown(self, actor: Actor, client: Client, email: Email) -> dict[str, str]:
        """How the caller was verified. Raises Invalid for an address that is taken, and only then NotVerified."""
        _refuse_taken(actor, email, client.id)
        identity = identities.hold(self._ctx, client.identity_id or 0)
        email_change.preview(self._ctx, client, email)
        return verified_for_email(self._ctx, actor, identity)

    def _checked(self, fields: ClientFields) -> _Checked:
        checked = _Checked(fields, self._ctx.clock.now().astimezone().date())
        if checked.problems:
            raise Invalid(checked.problems)
        return checked

    def _update(self, actor: Actor, client: Client, changed: dict[str, Any]) -> int:
        """How many rows took the change: none if somebody was faster."""
        return int(
            Client.update(
                **changed,
                version=client.version + 1,
                changed_at=self._ctx.clock.now(),
                changed_by=actor.name,
            )
            .where((Client.id == client.id) & (Client.version == client.version))
            .execute()
        )

    def _follow(
        self, actor: Actor, client: Client, wanted: _Checked, changed: dict[str, Any], shown: dict[str, str]
    ) -> None:
        """What belongs to the change: the entry, with how the caller was verified, and the account's names."""
        audit.record(
            self._ctx,
            actor,
            audit.Action.CLIENT_CHANGED,
            client_id=client.id,
            identity_id=client.identity_id,
            subject=identities.full_name(wanted.first_name, wanted.last_name),
            details={**_before_and_after(client, changed), **shown},
        )
        if "first_name" in changed or "last_name" in changed:
            client.first_name, client.last_name = wanted.first_name, wanted.last_name
            identities.follow_name(client)
        if "email" in changed:
            email_change.email_changed(self._ctx, actor, client, wanted.email)


def record_of(client: Client) -> ClientRecord:
    """A row as the value that screens get; call it inside `ctx.read()` or `ctx.unit()`."""
    born = client.date_of_birth
    fields = ClientFields(
        first_name=client.first_name,
        last_name=client.last_name,
        email=client.email,
        phone=client.phone,
        date_of_birth="" if born is None else born.isoformat(),
        subscribed=client.subscribed,
    )
    return ClientRecord(
        id=client.id,
        version=client.version,
        fields=fields,
        phone_shown=conventions_of(client.agency_id).phone(client.phone),
        changed_at=client.changed_at,
        changed_by=client.changed_by,
    )


def _find(actor: Actor, client_id: int) -> Client:
    return persons.find_row(actor, Client, client_id)


def _seen(actor: Actor) -> Expression:
    return scope_of(actor).narrowed(Client.agency == actor.agency_id, Client.office)


class _Checked:
    """The fields of the form, cleaned; what did not hold is in `problems` and stays empty."""

    def __init__(self, fields: ClientFields, today: date) -> None:
        self.problems: dict[str, str] = {}
        self.first_name = self._take("first_name", clean_name, fields.first_name) or ""
        self.last_name = self._take("last_name", clean_name, fields.last_name) or ""
        self.email = self._take("email", clean_email, fields.email) or Email("", "")
        self.phone = self._take("phone", clean_phone, fields.phone) or ""
        self.date_of_birth = self._take("date_of_birth", lambda text: _born(text, today), fields.date_of_birth)
        self.subscribed = fields.subscribed

    def columns(self) -> dict[str, Any]:
        """What a row holds of them, derived columns included."""
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "email": self.email.address,
            "email_key": self.email.key,
            "phone": self.phone,
            "date_of_birth": self.date_of_birth,
            "subscribed": self.subscribed,
            "name_key": client_fields.name_key(self.first_name, self.last_name),
            "birthday_key": client_fields.birthday_key(self.date_of_birth),
            "search": client_fields.search_text(self.first_name, self.last_name, self.email.address, self.phone),
        }

    def _take(self, name: str, rule: Callable[[str], T], text: str) -> T | None:
        try:
            return rule(text)
        except Problem as problem:
            self.problems[name] = problem.sentence
            return None


def _born(text: str, today: date) -> date | None:
    return clean_birth_date(text, today) if text.strip() else None


def _checked_email(text: str) -> Email:
    try:
        return clean_email(text)
    except Problem as problem:
        raise Invalid({"email": problem.sentence}) from problem


def _unique(ctx: Context, actor: Actor, values: dict[str, Any], write: Callable[[], T]) -> T:
    """Write, and let the table's own constraint judge whether the address is free, as two may save at once."""
    try:
        with ctx.database.atomic():
            return write()
    except IntegrityError as error:
        if "email_key" in values:
            _refuse_taken(actor, Email(values.get("email", values["email_key"]), values["email_key"]))
        raise error


def _refuse_taken(actor: Actor, email: Email, but: int = 0) -> None:
    theirs = (Client.agency == actor.agency_id) & (Client.email_key == email.key) & (Client.id != but)
    owner = Client.get_or_none(theirs)
    if owner is not None and not scope_of(actor).allows(owner.office_id):
        raise Invalid({"email": f"{email.address} already belongs to a client of another office. Use another address."})
    if owner is not None:
        name = identities.full_name(owner.first_name, owner.last_name)
        raise Invalid(
            {"email": f"{email.address} already belongs to {name}. Use another address, or open {name} instead."}
        )


def _conflict(theirs: Client) -> Conflict:
    return Conflict(
        f"{theirs.changed_by} changed this client while you were editing. Nothing of yours is saved yet: "
        "compare both versions and choose.",
        record_of(theirs),
        theirs.changed_by,
    )


def _before_and_after(client: Client, changed: dict[str, Any]) -> dict[str, str | bool]:
    """ "old_phone" and "new_phone" for each field that was changed."""
    told: dict[str, str | bool] = {}
    for name in _TOLD:
        if name in changed:
            told[f"old_{name}"] = _plain(getattr(client, name))
            told[f"new_{name}"] = _plain(changed[name])
    return told


def _plain(value: Any) -> str | bool:
    return value if isinstance(value, bool) else "" if value is None else str(value)
