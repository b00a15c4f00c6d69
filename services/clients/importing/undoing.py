"""Takes back what an upload stored, portion by portion, inside one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from models.client import Client, Mortgage, Property, Upload, UploadChange
from services import audit
from services.accounts import identities
from services.actor import Actor
from services.clients import fields as client_fields
from services.clients.importing.journal import PERSON_FIELDS, Before, HomeBefore, before_from, told_value
from services.clients.importing.touched import Noted, TouchedSearch
from services.clients.importing.work import FIGURE_FIELDS
from services.context import Context
from services.errors import Refused

_BY_NAME = {field.column_name: field for field in PERSON_FIELDS.values()}


class Undoing:
    """One upload on its way out of the list; the rows of its clients are locked before they are looked at."""

    def __init__(self, ctx: Context, actor: Actor, upload: Upload) -> None:
        self._ctx = ctx
        self._actor = actor
        self._upload = upload
        self._search = TouchedSearch(ctx, upload)

    def run(self, on_progress: Callable[[int, int], None] | None, cancelled: Callable[[], bool]) -> tuple[int, int]:
        """Remove and give back; how many clients of each. Raises Refused, which undoes nothing."""
        total = sum(self._search.sizes())
        restored = removed = 0

        def go_on() -> None:
            if on_progress is not None:
                on_progress(restored + removed, total)
            if cancelled():
                raise Refused("The undoing was stopped. Nothing was undone.")

        for noted in self._search.changed():
            self._restore(noted)
            restored += len(noted)
            go_on()
        for ids in self._search.added():
            self._remove(ids)
            removed += len(ids)
            go_on()
        UploadChange.delete().where(UploadChange.upload == self._upload.id).execute()
        return removed, restored

    def _remove(self, ids: Sequence[int]) -> None:
        identities.held(self._ctx, Client.select(Client.id).where(Client.id.in_(ids)).order_by(Client.id)).execute()
        self._refuse(self._search.touched_of_added(ids))
        homes = Property.select(Property.id).where(Property.client.in_(ids))
        Mortgage.delete().where(Mortgage.property.in_(homes)).execute()
        Property.delete().where(Property.client.in_(ids)).execute()
        Client.delete().where(Client.id.in_(ids)).execute()

    def _restore(self, noted: Sequence[Noted]) -> None:
        ids = [one.client_id for one in noted]
        rows = identities.held(self._ctx, Client.select().where(Client.id.in_(ids)).order_by(Client.id))
        clients = {int(row.id): row for row in rows}
        self._refuse(self._search.touched_of_changed(noted))
        for one in noted:
            self._restore_client(clients[one.client_id], one.before)

    def _restore_client(self, client: Client, before: Before) -> None:
        told: dict[str, str | int | bool | None] = {"undone_upload": self._upload.id}
        # Forward, although the values go back: a form that was opened in between must not save over them unnoticed.
        values: dict[str, Any] = {
            "version": client.version + 1,
            "changed_at": self._ctx.clock.now(),
            "changed_by": self._actor.name,
        }
        for name, stored in before.person.items():
            field = _BY_NAME[name]
            old, new = getattr(client, field.name), field.python_value(stored)
            values[field.name] = new
            told[f"old_{field.name}"], told[f"new_{field.name}"] = told_value(old), told_value(new)
            setattr(client, field.name, new)
        for number, home in before.homes.items():
            _restore_home(number, home)
        _remove_homes(list(before.added))
        if before.homes or before.added:
            told["loans_undone"] = len(before.homes) + len(before.added)
            values["renewal_key"], values["rate_key"] = _keys_of(client.id)
        if before.person:
            who = client.first_name, client.last_name, client.email
            values |= client_fields.derived(*who, client.phone, client.date_of_birth)
        Client.update(**values).where(Client.id == client.id).execute()
        self._move_earlier_on(client, before)
        name = identities.full_name(client.first_name, client.last_name)
        audit.record(
            self._ctx,
            self._actor,
            audit.Action.CLIENT_CHANGED,
            client_id=client.id,
            identity_id=client.identity_id,
            subject=name,
            details=told,
        )
        if "first_name" in before.person or "last_name" in before.person:
            identities.follow_name(client)

    def _move_earlier_on(self, client: Client, before: Before) -> None:
        """An earlier upload that left the client as it is now can be undone next."""
        earlier = (UploadChange.client == client.id) & (UploadChange.upload != self._upload.id)
        for row in UploadChange.select().where(earlier):
            its = before_from(row.before)
            homes = before.homes.items()
            moved = [its.moved_on(number, home.seen, home.left + 1) for number, home in homes]
            version = client.version + 1 if row.version == before.version else row.version
            if any(moved) or version != row.version:
                UploadChange.update(before=its.text(), version=version).where(UploadChange.id == row.id).execute()

    def _refuse(self, touched: set[int]) -> None:
        """Raises Refused if anybody is among them, with the first by name."""
        if not touched:
            return
        first = next(iter(self._search.told(touched)), None)
        whom = "a client of this upload" if first is None else f"{first.name} ({first.who} {first.what})"
        raise Refused(
            f"Somebody has touched {whom} since, so nothing was undone. Look at the list of such clients, and put them "
            "right one by one."
        )


def _restore_home(number: int, home: HomeBefore) -> None:
    Mortgage.delete().where((Mortgage.property == number) & Mortgage.id.not_in(list(home.loans))).execute()
    for loan, figures in home.loans.items():
        values = {
            field.name: field.python_value(stored)
            for field, stored in zip(FIGURE_FIELDS.values(), figures, strict=True)
        }
        Mortgage.update(**values).where(Mortgage.id == loan).execute()
    value = Property.value.python_value(home.value)
    Property.update(value=value, version=home.left + 1).where(Property.id == number).execute()


def _remove_homes(numbers: Sequence[int]) -> None:
    if numbers:
        Mortgage.delete().where(Mortgage.property.in_(numbers)).execute()
        Property.delete().where(Property.id.in_(numbers)).execute()


def _keys_of(client_id: int) -> tuple[int, int]:
    rows = (
        Mortgage.select(Mortgage.rate, Mortgage.renewal_on)
        .join(Property)
        .where(Property.client == client_id)
        .order_by(Mortgage.id)
    )
    return client_fields.mortgage_keys((row.rate, row.renewal_on) for row in rows)
