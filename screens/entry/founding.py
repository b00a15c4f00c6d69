"""The steps by which an agency is set up: one's own, or one with sample data."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from screens.widgets import forms
from screens.widgets.field import Field
from screens.widgets.password_chooser import PasswordChooser
from screens.wizard.step import Review, Step
from screens.wizard.wizard import Wizard, onward
from screens.workplace import Workplace
from services import rules
from services.actor import Actor
from services.agency_policy import NEW_PASSWORD
from services.credentials.passwords import Secret
from services.credentials.policy import About
from services.new_agency import NewAgency
from services.remembered import remember_person

if TYPE_CHECKING:
    from services.clients.importing.report import Progress

SAMPLE = NewAgency(
    name="Ray Staging",
    code="919236",
    address="120 Sample Street\nSarnia ON N0N 0N0",
    phone="(519) 555-0168",
    email="office@raystaging.example.com",
    admin_first="",
    admin_last="",
    admin_email="",
)
"""An agency to look around in; everything in it is made up."""


class AgencyStep(Step[NewAgency]):
    """What the agency is called, and what its people type to sign in."""

    heading = "Agency"

    def compose(self) -> ComposeResult:
        yield Static("The organisation whose people you help.", classes="step-lead", markup=False)
        yield Field("Name", id="name", hint="As it stands in mails.", check=forms.told_by(rules.clean_name))
        yield Field(
            "Company code",
            id="code",
            hint="Everybody types it to sign in.",
            check=forms.told_by(rules.clean_company_code),
        )

    def collect(self, draft: NewAgency) -> NewAgency:
        """Name and code."""
        return replace(draft, name=self.text("name"), code=self.text("code"))


class ContactStep(Step[NewAgency]):
    """Where clients turn to; it stands at the end of each mail."""

    heading = "Contact"

    def compose(self) -> ComposeResult:
        yield Static(
            "It stands at the end of each mail. What you leave empty is left out.", classes="step-lead", markup=False
        )
        yield Field("Street", id="address", check=_street)
        yield Field("Town", id="town", check=_street)
        yield Field("Phone", id="phone", check=forms.told_by(rules.clean_phone))
        yield Field("E-mail", id="email", check=forms.optional(rules.clean_email))

    def collect(self, draft: NewAgency) -> NewAgency:
        """The contact block."""
        address = "\n".join(line for line in (self.text("address"), self.text("town")) if line)
        return replace(draft, address=address, phone=self.text("phone"), email=self.text("email"))


class AdministratorStep(Step[NewAgency]):
    """Who signs in first."""

    heading = "Administrator"

    def __init__(self, lead: str = "You, or whoever looks after this desk.") -> None:
        """`lead` stands above the fields."""
        super().__init__()
        self._lead = lead

    def compose(self) -> ComposeResult:
        yield Static(self._lead, classes="step-lead", markup=False)
        yield Field("First name", id="admin_first", check=forms.told_by(rules.clean_name))
        yield Field("Last name", id="admin_last", check=forms.told_by(rules.clean_name))
        yield Field("E-mail", id="admin_email", hint="It is the user name.", check=forms.told_by(rules.clean_email))

    def collect(self, draft: NewAgency) -> NewAgency:
        """The administrator."""
        return replace(
            draft,
            admin_first=self.text("admin_first"),
            admin_last=self.text("admin_last"),
            admin_email=self.text("admin_email"),
        )


class PasswordStep(Step[NewAgency]):
    """The administrator's password; there is none to begin with."""

    heading = "Password"

    def __init__(self) -> None:
        super().__init__()
        self._chooser = PasswordChooser(NEW_PASSWORD, About())

    def compose(self) -> ComposeResult:
        yield self._chooser

    def show(self, draft: NewAgency) -> None:
        """The names of the steps before are no passwords."""
        self._chooser.show_about(About(draft.admin_first, draft.admin_last, draft.admin_email, draft.name, draft.code))

    def collect(self, draft: NewAgency) -> NewAgency:
        """The password."""
        return replace(draft, password=self._chooser.secret or None)


class OwnAgency(Wizard[NewAgency, Actor]):
    """Sets up the person's own agency and signs the administrator in."""

    title_words = "Set up your agency"
    verb = "Set it up"

    BINDINGS: ClassVar[list[BindingType]] = [*onward("Set it up")]

    def __init__(self, place: Workplace) -> None:
        super().__init__(place, NewAgency("", "", "", "", ""))

    def steps(self) -> Sequence[Step[NewAgency]]:
        """Agency, contact, administrator, password, and what will happen."""
        return AgencyStep(), ContactStep(), AdministratorStep(), PasswordStep(), Review(_what_happens)

    async def finish(self, draft: NewAgency) -> Actor:
        """Found it and sign in."""
        self.busy = "Setting up your agency …"
        return await found(self, draft)


class SampleAgency(Wizard[NewAgency, Actor]):
    """Sets up an agency with made-up clients and signs the administrator in."""

    title_words = "Start with sample data"
    verb = "Start"

    BINDINGS: ClassVar[list[BindingType]] = [*onward("Start")]

    def __init__(self, place: Workplace) -> None:
        super().__init__(place, SAMPLE)

    def steps(self) -> Sequence[Step[NewAgency]]:
        """Only what cannot be made up: who signs in, and with which password."""
        lead = (
            f"Your own name and e-mail. Everything else is made up: the agency {SAMPLE.name}, "
            f"whose company code is {SAMPLE.code}, and its clients."
        )
        return AdministratorStep(lead), PasswordStep()

    async def finish(self, draft: NewAgency) -> Actor:
        """Found it, sign in, and take in the sample clients."""
        self.busy = "Setting up the agency …"
        actor = await found(self, draft)
        self.busy = "Taking in the sample clients …"
        async with self.problems_told():
            await self._take_in(actor)
        return actor

    async def _take_in(self, actor: Actor) -> None:
        from services.sample import sample_clients_path  # with the import behind it; one's own agency needs neither

        loop = asyncio.get_running_loop()

        def on_progress(progress: Progress) -> None:
            # The import runs on a thread, from which no widget may be touched.
            loop.call_soon_threadsafe(self.show_progress, progress.bytes_done, progress.bytes_total)

        self.show_progress(0, None)
        await self.call(self.desk.imports.run, actor, sample_clients_path(), on_progress=on_progress)


async def found(wizard: Wizard[NewAgency, Actor], draft: NewAgency) -> Actor:
    """Found the agency and sign its administrator in."""
    desk, origin = wizard.desk, wizard.place.origin
    founded = await wizard.call(desk.agencies.found, draft, origin)
    password = draft.password or Secret("")
    actor = await wizard.call(desk.sign_in.sign_in, founded.company_code, founded.user_name, password, origin)
    await wizard.call(remember_person, wizard.place.memory, founded.company_code, founded.user_name)
    return actor


def _what_happens(draft: NewAgency) -> list[tuple[str, str]]:
    street, _, town = draft.address.partition("\n")
    contact = (("Street", street), ("Town", town), ("Phone", draft.phone), ("E-mail", draft.email))
    return [
        ("Agency", draft.name),
        ("Company code", draft.code),
        *([line for line in contact if line[1]] or [("Contact", "none")]),
        ("Administrator", f"{draft.admin_first} {draft.admin_last}"),
        ("User name", draft.admin_email),
        ("", "The agency and this one account are made, and you are signed in with the password that you chose."),
        ("", "Nothing is sent by mail."),
    ]


_street = forms.told_by(lambda text: rules.clean_text(text, 200))
