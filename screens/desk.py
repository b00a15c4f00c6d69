"""The desk of the helpdesk staff: its parts, and what is always in sight."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.timer import Timer
from textual.widgets import ContentSwitcher

from screens.audit.audit import AuditTab
from screens.clients.clients import ClientsTab
from screens.desk_rooms import DeskRooms
from screens.dialogs.confirm import Confirm
from screens.dialogs.office_menu import OfficeMenu
from screens.help_queue.tab import HelpTab, waiting_words
from screens.list_tab import ListTab
from screens.mail.mail import MailTab
from screens.persons.tab import PersonTab
from screens.staff.staff import StaffTab
from screens.verification.words import request_words
from screens.widgets.banner import Banner
from screens.widgets.desk_title import DeskTitle, Whereabouts
from screens.widgets.key_line import KeyLine
from screens.widgets.tab_line import TabLine
from screens.workplace import Workplace
from services.actor import Actor
from services.approvals.values import Dangerous
from services.errors import DeskError, Locked, SignedOut
from services.help_queue.values import HelpCounts
from services.offices import OfficeChoices
from services.person_key import PersonKind
from services.rights import Right, has

POLL = 3.0
"""Seconds between two looks at what others, or the mail server, have changed; only a change is drawn."""

_MAILBOX_ONLY = "No mail server is configured: mail stays in the built-in mailbox (Mail tab)."
_TABS = (("clients", "Clients"), ("staff", "Office staff"), ("help", "Help"), ("mail", "Mail"))
_AUDIT_TAB = ("audit", "Audit")
_HELP_NAMES = ("Help", "Help requests")
_ROOMY = 100
"""Cells from which a part may have a long name."""


class DeskMain(DeskRooms):
    """Closes when somebody signs out."""

    CSS_PATH = "desk.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "tab('clients')", "Clients", show=False, id="desk.clients", tooltip="Go to the clients"),
        Binding("2", "tab('staff')", "Office staff", show=False, id="desk.staff", tooltip="Go to the office staff"),
        Binding("3", "tab('help')", "Help requests", show=False, id="desk.help", tooltip="Go to the help requests"),
        Binding("4", "tab('mail')", "Mail", show=False, id="desk.mail", tooltip="Go to the mail"),
        Binding("5", "tab('audit')", "Audit", show=False, id="desk.audit", tooltip="Go to what happened"),
        Binding(
            "ctrl+o",
            "switch_office",
            "Switch office",
            show=False,
            id="desk.office",
            tooltip="Look at another of your offices, or at all of them",
        ),
        Binding(
            "g",
            "requests",
            "Requests",
            show=False,
            id="desk.requests",
            tooltip="What colleagues ask your yes for, and what they said to you",
        ),
        Binding("q", "sign_out", "Sign out", show=False, id="desk.sign_out", tooltip="Sign out; asks first"),
        Binding(
            "f9",
            "settings",
            "Settings",
            show=False,
            id="desk.settings",
            tooltip="My password and security, and for administrators the rules of the agency",
        ),
    ]

    needs_session = True
    title_line = getters.query_one(DeskTitle)
    tabs = getters.query_one(TabLine)
    clients = getters.query_one(ClientsTab)
    staff = getters.query_one(StaffTab)
    help = getters.query_one(HelpTab)
    mail = getters.query_one(MailTab)
    parts = getters.query_one(ContentSwitcher)
    banner = getters.query_one(Banner)

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place, actor)
        self._audited = has(actor.role, Right.AUDIT)
        self._offices: OfficeChoices | None = None
        self._standing = _MAILBOX_ONLY if self.desk.mail.keeps_all else ""
        self._polling: Timer | None = None
        self._asked = ""
        self._help = HelpCounts(0, 0, 0)

    def compose(self) -> ComposeResult:
        yield DeskTitle("", f"{self._actor.name} · {self._actor.role}")
        tabs = (*_TABS, _AUDIT_TAB) if self._audited else _TABS
        # In the first frame already: it is not measured anew while it is laid out.
        names = {"help": _HELP_NAMES[self.app.size.width >= _ROOMY]}
        yield TabLine([(key, names.get(key, name)) for key, name in tabs], "clients")
        yield Banner(self._standing)
        with ContentSwitcher(initial="clients"):
            yield ClientsTab(self, self._actor, id="clients")
            yield StaffTab(self, self._actor, id="staff")
            yield HelpTab(self, self._actor, id="help")
            yield MailTab(self, self._actor, id="mail")
            if self._audited:
                yield AuditTab(self, self._actor, id="audit")
        yield KeyLine()

    def on_mount(self) -> None:
        """Say where one is, and begin to look for what changes."""
        self.name_agency()
        self.look()
        self._polling = self.set_interval(POLL, self.look)

    @work(exit_on_error=False)
    async def name_agency(self) -> None:
        """The agency's name and company code stand at the top."""
        async with self.problems_told():
            agency = await self.call(self.desk.agencies.view, self._actor.agency_id)
            self.title_line.show_where(f"{agency.name} · {agency.code}")

    @work(exclusive=True, group="look", exit_on_error=False)
    async def look(self) -> None:
        """See how much mail waits, and whether anything changed in the part that is shown."""
        if not self.is_current:
            return
        try:
            counts = await self.call(self.desk.mail.waiting, self._actor)
            offices = await self.call(self.desk.offices.mine, self._actor)
            requests = await self.call(self.desk.approvals.counts, self._actor)
        except (SignedOut, Locked) as ended:
            await self.tell(ended)
            return
        except DeskError as refusal:
            self.banner.say(refusal.sentence)
            return
        self.tabs.show_count("mail", counts.queued + counts.deferred + counts.failed)
        self._asked = request_words(requests)
        self._say_news()
        self.help.count()
        self._look_at(offices)
        if self.parts.current != "help":
            self._part().refresh_quietly()

    def _look_at(self, offices: OfficeChoices) -> None:
        """Name what is looked at; if it is not what the lists show, read them anew."""
        before, self._offices = self._offices, offices
        if offices == before:
            return
        self.title_line.show_office(offices.in_sight, offices.can_switch)
        self.refresh_bindings()
        if before is not None:
            self.read_anew()

    @work(exclusive=True, group="read-anew", exit_on_error=False)
    async def read_anew(self) -> None:
        """Every list has other people now; what is searched for stays."""
        for people in (self.clients, self.staff):
            # Nobody acts on somebody who is out of sight.
            people.table.clear_marks()
        for part in (self.clients, self.staff, self.help, self.mail):
            # One that nobody has looked at yet is read when somebody does.
            if part.table.listing is not None:
                part.show_rows()
        async with self.problems_told():
            await self.clients.count()
            await self.staff.count()

    def _part(self) -> ListTab:
        parts: dict[str, ListTab] = {"clients": self.clients, "staff": self.staff, "help": self.help, "mail": self.mail}
        if self._audited:
            parts["audit"] = self.query_one(AuditTab)
        return parts[self.parts.current or "clients"]

    def _say_news(self) -> None:
        """Who waits comes first, because somebody stands there; not to whoever looks at the requests."""
        waiting = "" if self.parts.current == "help" else waiting_words(self._help)
        self.banner.say(waiting or self._asked or self._standing)

    def on_resize(self, event: Resize) -> None:
        """In little room a part has a short name."""
        # Once this size has been laid out: a change in the middle of that is not measured anew.
        self.call_after_refresh(self.tabs.show_name, "help", _HELP_NAMES[event.size.width >= _ROOMY])

    @on(HelpTab.Counted)
    def count_requests(self, event: HelpTab.Counted) -> None:
        """Who waits stands in the line of parts, and above the lists."""
        self._help = event.counts
        self.tabs.show_count("help", self._help.waiting)
        self._say_news()

    def on_screen_suspend(self) -> None:
        """Leave the looking to a screen that does it itself."""
        if self._polling is not None and getattr(self.app.screen, "looks_itself", False):
            self._polling.pause()

    def on_screen_resume(self) -> None:
        """Look again from now on."""
        if self._polling is not None:
            self._polling.resume()

    @on(PersonTab.Counted)
    def count_people(self, event: PersonTab.Counted) -> None:
        """How many there are stands in the line of parts."""
        self.tabs.show_count(event.tab, event.total)

    @on(PersonTab.Done)
    def look_at_mail(self) -> None:
        """What was just done may have caused mail."""
        self.look()

    @on(TabLine.Chosen)
    def go(self, event: TabLine.Chosen) -> None:
        """A click on a part."""
        self.action_tab(event.key)

    def action_tab(self, key: str) -> None:
        """Show another part."""
        if self.parts.current != key:
            self.parts.current = self.tabs.here = key
            self._say_news()
        self._part().enter()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An office is switched only where there is another; the audit is not for everybody."""
        if action == "switch_office":
            return self._offices is not None and self._offices.can_switch
        if action == "tab" and parameters == (_AUDIT_TAB[0],):
            return self._audited
        return super().check_action(action, parameters)

    @on(Whereabouts.Pressed)
    @work(exit_on_error=False)
    async def action_switch_office(self) -> None:
        """Ask which office to look at, and look at it everywhere."""
        if self._offices is None:
            return
        present = self._offices.chosen
        offices = [(office.id, office.name) for office in self._offices.offices]
        menu = OfficeMenu(offices, present.id if present else None, self._offices.everything)
        chosen = await self.app.push_screen_wait(menu)
        if chosen is None:
            return
        async with self.problems_told():
            self._look_at(await self.call(self.desk.offices.switch, self._actor, chosen.office_id))
        # A look that began before would bring the old office back.
        self.look()

    @work(exit_on_error=False)
    async def action_requests(self) -> None:
        """Decide what colleagues ask for, and carry out what they agreed to."""
        # Imported when it is needed: few days see it.
        from screens.verification.requests import look_at_requests

        agreed = None
        async with self.problems_told():
            agreed = await look_at_requests(self, self._actor)
        if agreed is not None:
            task = "clear_factor" if agreed.what is Dangerous.CLEAR_FACTOR else "reset"
            self.tab_of(agreed.person.kind).run_task(task, agreed.person)
        self.look()

    def tab_of(self, kind: PersonKind) -> PersonTab[Any]:
        """The part that lists these people."""
        return self.clients if kind is PersonKind.CLIENT else self.staff

    @work(exit_on_error=False)
    async def action_sign_out(self) -> None:
        """Ask, because a slip of the finger would cost a sign-in."""
        question = Confirm("Sign out?", ["You will need your password to come back."], yes="Sign out", no="Stay")
        if await self.app.push_screen_wait(question):
            self.dismiss(None)

    @work(exit_on_error=False)
    async def action_settings(self) -> None:
        """What protects the own account."""
        # Imported when it is needed: few people look there on any given day.
        from screens.settings.security import SecuritySettings

        await self.app.push_screen_wait(SecuritySettings(self.place, self._actor))
