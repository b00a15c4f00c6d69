"""The account of somebody who has one: what it is, what it may do, and whose people it sees."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Button, Static

from models.states import Access, IdentityState
from screens.base import DeskScreen
from screens.clients.words import called
from screens.creation.access_picks import AccessPicks
from screens.creation.fact import Fact
from screens.dialogs.confirm import Confirm
from screens.dialogs.discard import Discard
from screens.dialogs.problem import Problem
from screens.drafts.keeper import DraftKeeper
from screens.widgets.key_line import KeyLine
from screens.widgets.menu import PickList
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.accounts.values import AccessChange, AccountView
from services.actor import Actor
from services.clients.rows import ACCESS_WORDS
from services.drafts import DraftForm, DraftKey, Typed, Value
from services.errors import Conflict
from services.when import show_moment

_NONE_TICKED = "With none ticked it sees the whole agency."
_NOT_YOURS = "Offices that are not yours stay as they are."
_NEXT = {
    IdentityState.PENDING: "If the welcome mail is lost, send it again.",
    IdentityState.ACTIVE: "If the person cannot get in, send a reset.",
    IdentityState.DEACTIVATED: "Nobody signs in with it. To undo that, reactivate it.",
}


class ManageAccount(DeskScreen[AccountView | None]):
    """Shows the account; closes with it as it was saved, or with None."""

    CSS_PATH = "account.tcss"
    needs_session = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Save", key_display="F2", id="account.save", tooltip="Show what follows, and save it"),
        Binding(
            "escape",
            "leave",
            "Back",
            key_display="Esc",
            id="account.leave",
            tooltip="Back; asks first if you changed something",
        ),
        Binding("f1", "app.help", "Help", key_display="F1", id="help", tooltip="The keys of this screen"),
    ]

    saving: reactive[bool] = reactive(False, bindings=True)
    """Whether a save is under way; a second one waits for the first."""

    def __init__(self, place: Workplace, actor: Actor, account: AccountView) -> None:
        super().__init__(place)
        self._actor = actor
        self._account = account
        self.keeper = DraftKeeper(self, actor, DraftKey(DraftForm.ACCOUNT, account.person))

    def compose(self) -> ComposeResult:
        account = self._account
        yield TitleBar("Manage user account (identity)", f"{self._actor.name} · {self._actor.role}")
        with Vertical(id="account"):
            yield Static(self._title(), id="account-title")
            yield Fact("User name", account.user_name)
            yield Fact("Company code", account.company_code)
            yield Fact("State", id="account-state")
            yield Fact("Last sign-in", id="account-signed-in")
            yield Fact("Role", id="account-role")
            yield Static("", id="account-lead", markup=False)
            yield Vertical(id="account-picks")
            with Horizontal(classes="dialog-buttons"):
                yield Button("F2 Save", variant="primary", id="save")
                yield Button("Esc Back", id="leave")
        yield KeyLine()

    async def on_mount(self) -> None:
        """Pick at once."""
        await self._show(self._account)
        if self.keeper.waits:
            self.go_on_with_draft()

    @work(exit_on_error=False)
    async def go_on_with_draft(self) -> None:
        """Pick what was picked when the line dropped, in the version that was read then."""
        async with self.problems_told():
            typed = await self.keeper.taken()
            if typed is None:
                return
            self._account = replace(self._account, version=typed.version)
            for picks in self.query(AccessPicks):
                picks.choose(str(typed.fields.get("role")), str(typed.fields.get("offices")).split())
            self.look_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to save where nothing can be changed."""
        if action == "save":
            return not self._account.locked
        return super().check_action(action, parameters)

    def watch_saving(self, saving: bool) -> None:
        """A button that is at work cannot be pressed."""
        if self.is_mounted:
            self.query_one("#save", Button).disabled = saving

    @on(AccessPicks.Picked)
    def look_again(self) -> None:
        """The title says whether something is unsaved, and what is, is kept."""
        self.query_one("#account-title", Static).update(self._title())
        self.keeper.note(self._as_draft() if self._changed else None)

    @on(PickList.Done)
    @on(Button.Pressed, "#save")
    @work(exit_on_error=False)
    async def action_save(self) -> None:
        """Say what follows, ask, and store it, once at a time."""
        if self.saving or self._account.locked or not self.is_active:
            return
        self.saving = True
        try:
            async with self.problems_told():
                await self._save()
        finally:
            self.saving = False

    @on(Button.Pressed, "#leave")
    @work(exit_on_error=False)
    async def action_leave(self) -> None:
        """Go back, but lose nothing unasked."""
        if self.saving or not self.is_active:
            return
        if not self._changed or await self.app.push_screen_wait(Discard()):
            await self.keeper.given_up()
            self.dismiss(None)

    @property
    def _changed(self) -> bool:
        return self._wanted() != self._account.change

    def _as_draft(self) -> Typed:
        wanted = self._wanted()
        fields: dict[str, Value] = {"role": wanted.role.value, "offices": " ".join(map(str, wanted.offices))}
        return Typed(self._doing, fields, version=wanted.version)

    async def _save(self) -> None:
        account, wanted, access = self._account, self._wanted(), self.desk.account_access
        try:
            told = await self.call(access.review, self._actor, account.person, wanted)
            if not told:
                self.notify("Nothing was changed.", markup=False)
                await self.keeper.saved()
                self.dismiss(None)
            elif await self.app.push_screen_wait(Confirm("Are you sure?", told, yes="Save", no="Not yet")):
                saved = await self.call(access.change, self._actor, account.person, wanted)
                await self.keeper.saved()
                self.dismiss(saved)
        except Conflict as conflict:
            await self.app.push_screen_wait(Problem("Somebody was faster", conflict.sentence))
            if isinstance(conflict.theirs, AccountView):
                await self._show(conflict.theirs)

    def _wanted(self) -> AccessChange:
        for picks in self.query(AccessPicks):
            return AccessChange(self._account.version, picks.role, picks.offices)
        return self._account.change

    async def _show(self, account: AccountView) -> None:
        """Show it as it stands, and choose from that."""
        self._account = account
        self.query_one("#account-state", Fact).say(self._state())
        now = self.desk.ctx.clock.now()
        self.query_one("#account-signed-in", Fact).say(
            show_moment(account.signed_in_at, now) if account.signed_in_at else "never"
        )
        role = self.query_one("#account-role", Fact)
        role.say(account.role.value)
        role.display = not account.roles
        self.query_one("#account-lead", Static).update(Content(_lead(account)))
        self.query_one("#save", Button).display = not account.locked
        place = self.query_one("#account-picks")
        await place.remove_children()
        if account.locked or not (account.roles or account.offices):
            self.query_one("#leave", Button).focus()
        else:
            picks = AccessPicks(account.roles, account.role, account.offices, account.ticked)
            await place.mount(picks)
            picks.focus()
        self.look_again()
        self.refresh_bindings()

    def _state(self) -> str:
        account = self._account
        since = show_moment(account.since, self.desk.ctx.clock.now())
        words = f"{ACCESS_WORDS[Access[account.state.name]]} since {since}, by {account.by}"
        return f"{words}: {account.reason}" if account.reason else words

    def _title(self) -> Content:
        mark = ("   ● edited", "$text-warning") if self.is_mounted and self._changed else ""
        return Content.assemble((self._doing, "bold"), mark)

    @property
    def _doing(self) -> str:
        return f"The account of {called(self._account.name)}"


def _lead(account: AccountView) -> str:
    """What can be done here; where nothing can, what is done elsewhere."""
    if account.locked:
        return f"{account.locked}\n{_NEXT[account.state]}"
    told = [account.offices_locked] if account.offices_locked else []
    if account.offices:
        told.append("Tick the offices whose people this account sees.")
        told.append(_NONE_TICKED if account.whole_agency else _NOT_YOURS)
    if account.roles:
        told.append("Another role ends open sessions.")
    return " ".join(told)
