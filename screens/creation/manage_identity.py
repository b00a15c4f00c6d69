"""Manage user account (identity): one person's way to an account, from the first look to the mail that has left."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.widgets import Static

from screens.base import DeskScreen
from screens.clients.words import called
from screens.creation.done import IdentityDone
from screens.creation.wizard import CreateIdentity
from screens.dialogs.details import Details
from screens.widgets.key_line import KeyLine
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.creation.checks import FOR_ONE
from services.creation.values import AccountFacts, Candidate, CreationResult, Preview
from services.errors import Refused
from services.person_key import PersonKey
from services.when import show_moment


class ManageIdentity(DeskScreen[CreationResult | None]):
    """Looks the person up, then leads through the wizard; closes with what was created, or with None."""

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
        if candidate.account is not None:
            await self.app.push_screen_wait(self._account(candidate, candidate.account))
            return None
        in_the_way = candidate.kept_back(FOR_ONE)
        if in_the_way:
            raise Refused(" ".join(obstacle.sentence for obstacle in in_the_way))
        result = await self.app.push_screen_wait(CreateIdentity(self.place, self._actor, preview))
        if result is not None:
            await self.app.push_screen_wait(IdentityDone(self.place, self._actor, result, preview.company_code))
        return result

    def _account(self, candidate: Candidate, account: AccountFacts) -> Details:
        facts = [
            ("User name", account.user_name),
            ("Role", account.role.value),
            ("State", account.state.value),
            ("Created", show_moment(account.created_at, self.desk.ctx.clock.now())),
            ("", ""),
            ("What to do", candidate.obstacles[0].sentence),
        ]
        return Details(f"The account of {called(candidate.name)}", facts)
