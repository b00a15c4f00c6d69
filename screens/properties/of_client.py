"""My Properties of a client, for staff: to see, and to keep right for whoever may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.clients.words import called
from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from screens.history import History
from screens.properties.forms import NEW, WHERE, MortgageEdit, PropertyEdit
from screens.properties.property_list import PropertyList
from screens.properties.rows import mortgage_key, property_key
from screens.workplace import Workplace
from services import person_key, rights
from services.actor import Actor
from services.drafts import DraftForm
from services.errors import Conflict, NotFound
from services.properties.values import MortgageRecord, Portfolio, PropertyRecord
from services.rights import Right

_CHANGES = frozenset({"edit", "add_property", "add_mortgage", "remove"})
_OF_A_LINE = frozenset({"edit", "add_mortgage", "remove"})
_GONE = "It is not in the list any more. Look at the list again."


class ClientProperties(PropertyList):
    """For staff: with the keys that change them, for whoever may."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", "Edit", id="properties.edit", tooltip="Edit the property or the mortgage"),
        Binding("n", "add_property", "New property", id="properties.new", tooltip="Add a property"),
        Binding(
            "m", "add_mortgage", "New mortgage", id="properties.mortgage", tooltip="Add a mortgage to the property"
        ),
        Binding("x", "remove", "Remove", id="properties.remove", tooltip="Take it off the list, after a question"),
        Binding("h", "history", "History", id="properties.history", tooltip="Who did what for this client, and when"),
    ]

    nothing_yet = "No property is known of this client.\n\nn adds one."

    def __init__(self, place: Workplace, actor: Actor, client_id: int) -> None:
        super().__init__(place, actor)
        self._client_id = client_id
        self._may_change = rights.has(actor.role, Right.ACT)
        self._busy = False

    def who(self) -> str:
        """Who looks."""
        return f"{self.actor.name} · {self.actor.role}"

    def heading(self, portfolio: Portfolio) -> str:
        """Whose they are."""
        return f"{called(portfolio.name)} · {WHERE}"

    async def read(self) -> Portfolio:
        """The client's."""
        return await self.call(self.desk.properties.of, self.actor, self._client_id)

    def on_mount(self) -> None:
        """Whoever goes on with a draft goes on to its form."""
        self.go_on_with_draft()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Who only looks has no keys that change, and a list without lines none that need one."""
        if action in _CHANGES and not self._may_change:
            return False
        if action in _OF_A_LINE and self.here() is None:
            return False
        return super().check_action(action, parameters)

    def open_line(self) -> None:
        """Enter edits, for whoever may."""
        if self._may_change:
            self.action_edit()
        else:
            super().open_line()

    @work(exit_on_error=False)
    async def action_edit(self) -> None:
        """The form of the line under the cursor."""
        await self._act(lambda _: self._edit(self.here()))

    @work(exit_on_error=False)
    async def action_add_property(self) -> None:
        """The form of a new property."""
        await self._act(self._add_property)

    @work(exit_on_error=False)
    async def action_add_mortgage(self) -> None:
        """The form of a new mortgage on the property under the cursor, or on that of its mortgage."""
        await self._act(lambda portfolio: self._add_mortgage(portfolio, self._home_here(portfolio)))

    @work(exit_on_error=False)
    async def action_remove(self) -> None:
        """Ask, naming all that goes, and take it off the list."""
        await self._act(lambda portfolio: self._remove(portfolio, self.here()))

    @work(exit_on_error=False)
    async def action_history(self) -> None:
        """What happened to this client."""
        if self.is_active and self.portfolio is not None:
            whose = person_key.client(self._client_id)
            await self.app.push_screen_wait(History(self.place, self.actor, whose, self.portfolio.name))

    @work(exit_on_error=False)
    async def go_on_with_draft(self) -> None:
        """Open the form that was left when the line dropped, if that is what one came for."""
        key = self.sitting.going_on
        if key is None or key.person != person_key.client(self._client_id):
            return
        async with self.problems_told():
            portfolio = await self.read()
            home, _, part = key.part.rpartition(":")
            if key.form is DraftForm.PROPERTY:
                await self._open_property(portfolio, part)
            elif key.form is DraftForm.MORTGAGE:
                await self._open_mortgage(portfolio, home, part)

    async def _act(self, act: Callable[[Portfolio], Awaitable[None]]) -> None:
        """One thing at a time, in a list that is there; whatever comes of it, the list is read anew."""
        if self._busy or self.portfolio is None or not self.is_active:
            return
        self._busy = True
        try:
            async with self.problems_told():
                await act(self.portfolio)
        finally:
            self._busy = False

    async def _edit(self, record: PropertyRecord | MortgageRecord | None) -> None:
        # As it stands now: an old list makes no conflict.
        portfolio = await self.read()
        if isinstance(record, PropertyRecord):
            await self._open_property(portfolio, str(record.id))
        elif record is not None:
            await self._open_mortgage(portfolio, str(record.property_id), str(record.id))

    async def _add_property(self, portfolio: Portfolio) -> None:
        await self._open_property(portfolio, NEW)

    async def _add_mortgage(self, portfolio: Portfolio, home: PropertyRecord | None) -> None:
        if home is not None:
            await self._open_mortgage(await self.read(), str(home.id), NEW)

    async def _open_property(self, portfolio: Portfolio, part: str) -> None:
        record = None if part == NEW else portfolio.property(int(part))
        if record is None and part != NEW:
            raise NotFound(_GONE)
        saved = await self.app.push_screen_wait(PropertyEdit(self.place, self.actor, portfolio, record))
        if saved is None:
            return
        await self.show(property_key(saved.record.id))
        self._tell(saved.record.name, added=record is None, changed=saved.record != record)

    async def _open_mortgage(self, portfolio: Portfolio, home_part: str, part: str) -> None:
        home = portfolio.property(int(home_part))
        record = None if part == NEW else portfolio.mortgage(int(part))
        if home is None or (record is None and part != NEW):
            raise NotFound(_GONE)
        saved = await self.app.push_screen_wait(MortgageEdit(self.place, self.actor, portfolio, home, record))
        if saved is None:
            return
        await self.show(mortgage_key(saved.record.id))
        self._tell(saved.record.name, added=record is None, changed=saved.record != record)

    async def _remove(self, portfolio: Portfolio, record: PropertyRecord | MortgageRecord | None) -> None:
        if record is None or not await self.app.push_screen_wait(_question(record, portfolio)):
            return
        services = self.desk.properties
        take_off = services.remove if isinstance(record, PropertyRecord) else services.remove_mortgage
        try:
            await self.call(take_off, self.actor, self._client_id, record.id, record.version)
        except Conflict as conflict:
            words = f"{conflict.changed_by} changed it after you had read it. Nothing was removed: look at it again."
            await self.app.push_screen_wait(Problem("It is not as you saw it", words))
        else:
            self.notify(f"{_begun(called(record.name))} has been removed.", markup=False)
        await self.show()

    def _home_here(self, portfolio: Portfolio) -> PropertyRecord | None:
        record = self.here()
        return portfolio.property(record.property_id) if isinstance(record, MortgageRecord) else record

    def _tell(self, name: str, *, added: bool, changed: bool) -> None:
        done = "has been added" if added else "has been saved"
        told = f"{_begun(called(name))} {done}." if added or changed else "Nothing was changed."
        self.notify(told, markup=False)


def _question(record: PropertyRecord | MortgageRecord, portfolio: Portfolio) -> Confirm:
    """What goes is named, line by line."""
    if isinstance(record, MortgageRecord):
        lines = [_said(record), "", "The client's history keeps what it was."]
        return Confirm("Remove this mortgage?", lines, yes="Remove it", no="Keep it", dangerous=True)
    worth = f", {record.fields.value}" if record.fields.value else ""
    lines = [f"{_begun(called(record.name))}{worth}"]
    lines += [f"  with {_said(loan)}" for loan in record.mortgages]
    lines += ["", "The client's history keeps what it was."]
    return Confirm("Remove this property?", lines, yes="Remove it", no="Keep it", dangerous=True)


def _said(loan: MortgageRecord) -> str:
    facts = (called(loan.lender) or "a mortgage without a lender", loan.fields.balance, loan.fields.rate)
    return ", ".join(fact for fact in facts if fact)


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
