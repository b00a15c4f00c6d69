"""My password and security: what protects the own account, where it is open, and what happened lately."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.base import NARROW, DeskScreen
from screens.colours import shown
from screens.dialogs.confirm import Confirm
from screens.dialogs.details import Details
from screens.history import Events
from screens.settings.security_lines import SLIM, event_line, heading_line, part_line, session_line
from screens.widgets.key_line import KeyLine
from screens.widgets.menu import Menu, Option
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.accounts.own_security import OwnSecurity
from services.accounts.security_words import (
    WHAT_ENDS,
    codes_words,
    factor_words,
    keys_words,
    password_words,
    questions_words,
    where,
)
from services.actor import Actor
from services.open_sessions import OpenSession
from services.when import show_moment


class SecuritySettings(DeskScreen[None]):
    """One list of everything; Enter opens the line under the cursor."""

    CSS_PATH = "security.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "part('password')", "Password", show=False, id="security.password", tooltip="Choose another one"),
        Binding(
            "s",
            "part('questions')",
            "Security questions",
            show=False,
            id="security.questions",
            tooltip="Answer other questions",
        ),
        Binding(
            "t",
            "part('factor')",
            "Two-step sign-in",
            show=False,
            id="security.factor",
            tooltip="Authenticator app and recovery codes",
        ),
        Binding(
            "z",
            "part('keys')",
            "SSH keys",
            show=False,
            id="security.keys",
            tooltip="SSH keys that stand for your password",
        ),
        Binding("x", "end", "End it", id="security.end", tooltip="End the session under the cursor"),
        Binding("o", "end_others", "End all others", id="security.others", tooltip="End all sessions but this one"),
        Binding("h", "part('events')", "All events", id="security.events", tooltip="Everything about your account"),
        Binding(
            "a",
            "part('rules')",
            "Agency rules",
            show=False,
            id="security.rules",
            tooltip="What the agency asks of passwords, second factors and desks",
        ),
        Binding(
            "k", "part('kiosks')", "Kiosks", show=False, id="security.kiosks", tooltip="Which there are; revoke one"
        ),
        Binding("c", "app.colours", "Colours", show=False, id="security.colours", tooltip="Choose other colours"),
        Binding("escape", "leave", "Back", key_display="Esc", id="security.leave", tooltip="Back to where you were"),
    ]

    needs_session = True
    menu = getters.query_one(Menu)

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self._actor = actor
        self._seen: OwnSecurity | None = None
        self._narrow = False

    def compose(self) -> ComposeResult:
        yield TitleBar("My password and security", f"{self._actor.name} · {self._actor.role}")
        yield Static("", classes="heading", markup=False)
        yield _Parts([])
        yield KeyLine()

    def on_screen_resume(self) -> None:
        """Whatever was done meanwhile, here or elsewhere, is seen."""
        self._load()

    def on_resize(self) -> None:
        """How much stands in a line depends on the width."""
        if self._seen is not None and self._narrow != (self.app.size.width < NARROW):
            self._show(self._seen)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        async with self.problems_told():
            self._show(await self.call(self.desk.own_security.overview, self._actor))

    def _show(self, seen: OwnSecurity) -> None:
        present = self.menu.highlighted_option
        self._seen = seen
        self.query_one(".heading", Static).update(Content(f"{seen.user_name} · {seen.agency}"))
        options = list(self._options(seen))
        self.menu.clear_options()
        self.menu.add_options(options)
        here = present.id if present is not None else None
        self.menu.highlight(here if here is not None and here in {option.id for option in options} else "password")
        self.menu.focus()
        self.refresh_bindings()

    def _options(self, seen: OwnSecurity) -> Iterator[Option]:
        now = self.desk.ctx.clock.now()
        narrow = self._narrow = self.app.size.width < NARROW
        line = partial(part_line, narrow=narrow)
        yield heading_line("How you sign in")
        yield line("password", "Password", password_words(seen, now))
        yield line("questions", "Security questions", questions_words(seen, now))
        yield line("factor", "Two-step sign-in", factor_words(seen, now))
        yield line("codes", "Recovery codes", codes_words(seen))
        if self._has_keys(seen):
            yield line("keys", "SSH keys", keys_words(seen))
        yield heading_line("Where you are signed in")
        for session in seen.sessions:
            yield Option(session_line(session, now, narrow=self.app.size.width < SLIM), id=f"session:{session.id}")
        yield heading_line("What happened lately")
        moments = [show_moment(event.at, now) for event in seen.events]
        for event, moment in zip(seen.events, moments, strict=True):
            yield Option(event_line(event, f"{moment:<{max(map(len, moments))}}  "), id=f"event:{event.id}")
        if not seen.events:
            yield Option(Content.styled("Nothing yet.", "$foreground-muted"), id="events")
        yield heading_line("What you see")
        yield line("colours", "Colours", self._colours())
        if seen.may_set_rules:
            yield heading_line("The agency")
            yield line("rules", "Rules of the agency", "passwords, second factor, reset mails, locking")
            yield line("kiosks", "Kiosks", "the locked terminals of the agency")

    @on(OptionList.OptionSelected)
    def open(self, event: OptionList.OptionSelected) -> None:
        """Open the line."""
        kind, _, number = (event.option_id or "").partition(":")
        if kind == "session":
            self._open_session(int(number))
        else:
            self.action_part("events" if kind == "event" else kind)

    @on(OptionList.OptionHighlighted)
    def look_at_keys(self) -> None:
        """What can be ended depends on the line."""
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A session is ended where there is one to end, and rules and kiosks are for administrators."""
        if action == "end":
            session = self._session_here()
            return session is not None and not session.this
        if action == "end_others":
            return self._seen is not None and len(self._seen.sessions) > 1
        if action == "part" and parameters == ("keys",):
            return self._seen is not None and self._has_keys(self._seen)
        if action == "part" and parameters in (("rules",), ("kiosks",)):
            return self._seen is not None and self._seen.may_set_rules
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def action_part(self, part: str) -> None:
        """Open what a line is about."""
        if not self.is_active:
            return
        # Each is imported when somebody goes there.
        if part == "password":
            from screens.settings.password import ChangePassword

            await self.app.push_screen_wait(ChangePassword(self.place, self._actor))
        elif part == "questions":
            await self._open_questions()
        elif part in ("factor", "codes"):
            from screens.settings.second_factor import SecondFactorScreen

            await self.app.push_screen_wait(SecondFactorScreen(self.place, self._actor))
        elif part == "colours":
            await self.app.run_action("app.colours")
        elif part == "keys":
            from screens.ssh_keys.own import OwnKeys

            await self.app.push_screen_wait(OwnKeys(self.place, self._actor))
        elif part == "kiosks":
            from screens.settings.kiosks import Kiosks

            await self.app.push_screen_wait(Kiosks(self.place, self._actor))
        elif part == "rules":
            from screens.settings.agency_rules import AgencyRulesScreen

            await self.app.push_screen_wait(AgencyRulesScreen(self.place, self._actor))
        else:
            await self.app.push_screen_wait(self._events())

    @work(exit_on_error=False)
    async def action_end(self) -> None:
        """End the session under the cursor."""
        session = self._session_here()
        if session is None or session.this or not self.is_active:
            return
        lines = [f"{where(session)}, since {show_moment(session.since, self.desk.ctx.clock.now())}.", "", WHAT_ENDS]
        if await self.app.push_screen_wait(Confirm("End this session?", lines, yes="End it", no="Leave it")):
            async with self.problems_told():
                await self.call(self.desk.own_sessions.end, self._actor, session.id)
                self.notify("The session has ended.", markup=False)
            self._load()

    @work(exit_on_error=False)
    async def action_end_others(self) -> None:
        """End every session but this one."""
        if not self.is_active:
            return
        question = Confirm("End all other sessions?", [WHAT_ENDS], yes="End them", no="Leave them")
        if await self.app.push_screen_wait(question):
            async with self.problems_told():
                ended = await self.call(self.desk.own_sessions.end_others, self._actor)
                self.notify("1 session has ended." if ended == 1 else f"{ended} sessions have ended.", markup=False)
            self._load()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)

    @work(exit_on_error=False)
    async def _open_session(self, number: int) -> None:
        session = next((one for one in self._seen.sessions if one.id == number), None) if self._seen else None
        if session is None:
            return
        facts = [
            ("Where", session.surface.value),
            ("From", session.place),
            ("Since", f"{session.since.astimezone():%Y-%m-%d %H:%M %Z}"),
            ("Last used", f"{session.seen.astimezone():%Y-%m-%d %H:%M %Z}"),
            ("To end it", "Sign out." if session.this else "Close this, and press x."),
        ]
        title = "The session that you are in" if session.this else "Another session of yours"
        await self.app.push_screen_wait(Details(title, facts))

    async def _open_questions(self) -> None:
        from screens.settings.questions import ChangeQuestions

        async with self.problems_told():
            asked = await self.call(self.desk.own_questions.asked, self._actor)
            await self.app.push_screen_wait(ChangeQuestions(self.place, self._actor, asked))

    def _has_keys(self, seen: OwnSecurity) -> bool:
        """Staff come in by SSH; a client could have a key from the days when they were staff."""
        return self._actor.is_staff or seen.ssh_keys > 0

    def _colours(self) -> str:
        if self.app.no_color:
            return "none, as this terminal asks for (NO_COLOR)"
        colours = shown(self.app)
        return f"{colours}: {colours.words}"

    def _events(self) -> Events:
        return Events(
            self.place,
            self._actor,
            where="My password and security",
            heading="What happened to your account",
            page=lambda before: self.desk.own_security.events(self._actor, before),
        )

    def _session_here(self) -> OpenSession | None:
        option = self.menu.highlighted_option if self.is_mounted else None
        if self._seen is None or option is None:
            return None
        return next((one for one in self._seen.sessions if f"session:{one.id}" == option.id), None)


class _Parts(Menu, inherit_bindings=True):
    """The list, whose Enter stands in the line of keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", key_display="Enter", id="security.open", tooltip="Open this line"),
    ]
