"""Makes people what they are when they call, through the same services as everybody, in their own past."""

from __future__ import annotations

import csv
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pyotp

from models.agency import Agency, Office
from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import Role, Surface, TokenPurpose
from services import person_key, persons
from services.actor import Actor, Origin
from services.clients.values import ClientFields
from services.clock import ManualClock, SystemClock
from services.credentials import codes, totp
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.desk import Desk
from services.errors import DeskError
from services.legacy.rows import Column
from services.mail import queue
from services.mail.delivery import settle
from services.mail.smtp import Kind, Outcome
from services.person_key import PersonKey
from services.sandbox.post import refuses

PASSWORD = Secret("maple ferry lantern nine")
"""Of the made-up callers who have chosen one."""

HOME = Origin(Surface.PORTAL)
EARLIER = "Early shift"
"""Who did what was done before the call, as the history tells it."""

_COST = 4
"""Of the hashes of made-up secrets, which protect nobody; real ones take a hundred times as long."""

_LEASE = timedelta(minutes=2)
_TAKEN = Outcome(Kind.ACCEPTED, 250, "2.0.0 taken")
_BOUNCED = Outcome(Kind.REFUSED, 550, "5.1.1 No such user here")
_OLD_HASH = "$2b$06$To9gO94BkpQPy8jaK0pvr.f3tuFyVqqMnUszm3A.RiwE2w5l9mmQ6"


class Backstage:
    """The desk of a sandbox with a clock of its own, so that what is done here lies in the past.

    Each method is one unit of work, its mail delivered with it: whoever delivers mail at the same time comes too late.
    """

    def __init__(self, desk: Desk) -> None:
        """Raises TypeError for a desk that goes by the clock of the machine: it is no sandbox."""
        if isinstance(desk.ctx.clock, SystemClock):
            raise TypeError("this desk is no sandbox")
        self._now = desk.ctx.clock.now
        self._clock = ManualClock(self._now())
        self.ctx = replace(desk.ctx, clock=self._clock, mail_waiting=Event(), bcrypt_cost=_COST)
        self.desk = Desk(self.ctx)
        with self.ctx.read():
            agency = Agency.select().order_by(Agency.id).get()
        self.company_code = str(agency.code)
        self.actor = Actor(agency.id, None, None, EARLIER, Role.ADMINISTRATOR, Origin(Surface.DESK, "desk 1"))

    def at(self, ago: timedelta) -> Backstage:
        """Let what follows happen so long ago."""
        self._clock.set(self._now() - ago)
        return self

    @property
    def moment(self) -> datetime:
        """When what follows happens."""
        return self._clock.now()

    def welcome(self, person: PersonKey) -> None:
        """Give somebody an account, with its welcome mail."""
        with self.ctx.unit():
            self.desk.accounts.create_and_welcome(self.actor, person)
            self._deliver()

    def activate(self, person: PersonKey) -> None:
        """The same, and let the person have chosen PASSWORD."""
        with self.ctx.unit():
            self.welcome(person)
            link = self._link(self._account(person))
            self.desk.recovery.choose_password(link, "", PASSWORD, HOME)
            self._deliver()

    def secure(self, person: PersonKey, answered: tuple[Answered, ...], *, app: bool = False) -> None:
        """Let somebody with PASSWORD sign in, answer the questions, set up an app if it says so, and sign out."""
        with self.ctx.unit():
            actor = self._signed_in(self._account(person).email)
            self.desk.onboarding.set_questions(actor, answered)
            actor = self.desk.onboarding.finish(actor)
            if app:
                key = self.desk.second_factor.begin(actor, PASSWORD).key.reveal().replace(" ", "")
                self.desk.second_factor.confirm(actor, Secret(code_of(key, self.moment)))
                self.desk.second_factor.keep_codes(actor)
            self.desk.sign_in.sign_out(actor)
            self._deliver()

    def fail(self, company_code: str, email: str) -> None:
        """Let somebody type what does not open an account."""
        with suppress(DeskError):
            self.desk.sign_in.sign_in(company_code, email, Secret("maple fery lantern nine"), HOME)

    def temporary(self, person: PersonKey) -> None:
        """Send a temporary password."""
        with self.ctx.unit():
            self.desk.temporary.send(self.actor, person)
            self._deliver()

    def deactivate(self, person: PersonKey, reason: str) -> None:
        """Close an account."""
        with self.ctx.unit():
            self.desk.accounts.deactivate(self.actor, person, reason)
            self._deliver()

    def correct(self, person: PersonKey, email: str) -> None:
        """Put another address into the list."""
        record = self.desk.clients.get(self.actor, person.id)
        self.desk.clients.save(self.actor, person.id, record.version, replace(record.fields, email=email))

    def add(self, fields: ClientFields) -> PersonKey:
        """One more client."""
        return person_key.client(self.desk.clients.create(self.actor, fields).id)

    def old_account(self, user_name: str, email: str) -> None:
        """Let somebody have an account of the old system."""
        with self.ctx.read():
            office = str(Office.select().order_by(Office.id).get().name)
        with tempfile.TemporaryDirectory(dir=self.ctx.settings.home) as folder:
            path = Path(folder, "old-accounts.csv")
            with path.open("w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file)
                rows.writerow([Column.OFFICE, Column.USER_NAME, Column.HASH, Column.EMAIL])
                rows.writerow([office, user_name, _OLD_HASH, email])
            self.desk.legacy_imports.run(self.actor, path)

    def _signed_in(self, email: str) -> Actor:
        return self.desk.sign_in.sign_in(self.company_code, email, PASSWORD, HOME)

    def _account(self, person: PersonKey) -> Identity:
        with self.ctx.read():
            found = persons.account_of(persons.find(self.actor, person))
        assert found is not None  # noqa: S101 - it was made a moment ago
        return found

    def _link(self, identity: Identity) -> str:
        """The link of the newest mail, as the mail itself derives it."""
        with self.ctx.read():
            message = (
                OutboxMessage.select()
                .where(OutboxMessage.identity_id == identity.id)
                .order_by(OutboxMessage.id.desc())
                .get()
            )
        token = codes.link_token(self.ctx.keys.mail, message.uuid, TokenPurpose.ACTIVATE.value)
        return f"#{TokenPurpose.ACTIVATE.value}={token}"

    def _deliver(self) -> None:
        """Let the mail that waits have arrived, or bounced, at this moment."""
        ids = queue.claim(self.ctx, EARLIER, 1_000, _LEASE)
        turns = queue.look(self.ctx, EARLIER, ids)
        queue.write_down(
            self.ctx, EARLIER, [settle(turn, self._answer(turn.facts.to_address), self.moment) for turn in turns]
        )

    def _answer(self, address: str) -> Outcome:
        return _BOUNCED if refuses(address) else _TAKEN


def code_of(key: str, moment: datetime) -> str:
    """What an authenticator app with this key shows."""
    return str(pyotp.TOTP(key).generate_otp(totp.step_at(moment)))
