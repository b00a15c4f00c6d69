"""Manage user account (identity): a person's way to an account, or the account of somebody who has one."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.widgets import Static

from screens.base import DeskScreen
from screens.clients.words import called
from screens.creation.account import ManageAccount
from screens.creation.done import IdentityDone
from screens.creation.wizard import CreateIdentity
from screens.drafts.keeper import DraftKeeper
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.creation.checks import FOR_ONE
from services.creation.values import CreationResult, Preview
from services.drafts import DraftForm, DraftKey
from services.errors import Refused
from services.person_key import PersonKey


class ManageIdentity(DeskScreen[CreationResult | None]):
    """Looks the person up, then leads through the wizard or shows the account; closes with what was created."""

    DEFAULT_CSS = """
    ManageIdentity #looking { padding: 1; color: $text-muted; }
    """

    needs_session = True

    def __init__(self, place: Workplace, actor: Actor, person: PersonKey) -> None:
        super().__init__(place)
        self._actor = actor
        self._person = person

    def compose(self) -> ComposeResult:
        yield TitleBar("Manage user account (identity)", f"{self._actor.name} · {self._actor.role}")
        yield Static("One moment …", id="looking", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin at once; this screen is only seen while the person is looked up."""
        self.lead()

    @work(exit_on_error=False)
    async def lead(self) -> None:
        """From the look to the mail."""
        result = None
        async with self.problems_told():
            preview = await self.call(self.desk.creation.preview, self._actor, self._person)
            self.query_one("#looking").display = False
            result = await self._create(preview)
        if self.is_current:
            self.dismiss(result)

    async def _create(self, preview: Preview) -> CreationResult | None:
        candidate = preview.candidate
        keeper = DraftKeeper(self, self._actor, DraftKey(DraftForm.IDENTITY, self._person))
        if candidate.account is not None:
            # There is nothing left to create.
            await keeper.saved()
            await self._account()
            return None
        in_the_way = candidate.kept_back(FOR_ONE)
        if in_the_way:
            raise Refused(" ".join(obstacle.sentence for obstacle in in_the_way))
        # Whoever came in by the access key ends that session by creating an account of their own.
        with self.place.sitting.unwatched():
            wizard = CreateIdentity(self.place, self._actor, preview, await keeper.taken())
            wizard.keeper = keeper
            result = await self.app.push_screen_wait(wizard)
            if result is not None:
                await self.app.push_screen_wait(IdentityDone(self.place, self._actor, result, preview.company_code))
        return result

    async def _account(self) -> None:
        account = await self.call(self.desk.account_access.view, self._actor, self._person)
        saved = await self.app.push_screen_wait(ManageAccount(self.place, self._actor, account))
        if saved is not None:
            self.notify(f"The account of {called(saved.name)} has been saved.", markup=False)
