"""A whole house for a play in a browser: an agency, a mail server, the portal, and nginx with TLS in front of it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.client import Client
from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.states import MailState
from services.clock import ManualClock
from services.desk import Desk
from services.opening import open_desk
from services.settings import load_settings
from tests import making
from tests.making import MadeAgency
from tests.services.certificates import make_certificates
from tests.services.smtp_server import SmtpServer
from tests.surfaces.playing import ANSWERS, text_of
from tests.surfaces.portal.browsing import Tab
from tests.surfaces.portal.nginx import Nginx
from tests.surfaces.portal.running import Portal, free_port

CODE = "RAY-919"
USER = "brent@mortgageclient.example.com"
OWN = "seven plum orbits a candle"


@dataclass(frozen=True, slots=True)
class House:
    """Everything that a person meets.

    Attributes:
        desk: the desk without a screen, ten minutes ago, so that mails of the present do not come too soon.
        url: the portal's address, without a slash at its end.
    """

    desk: Desk
    made: MadeAgency
    nginx: Nginx
    portal: Portal
    post: SmtpServer

    @property
    def url(self) -> str:
        return self.nginx.url

    def client(self, email: str = USER, first: str = "Brent", last: str = "Thomas") -> Client:
        """A client whose welcome mail is on its way."""
        client = making.make_client(self.desk, self.made.agency, email, first=first, last=last)
        identity = making.give_account(self.desk, self.made.admin, client, password=None)
        with self.desk.ctx.unit():
            making.secure(self.desk.ctx, identity, secured=False)
        return client

    def member(self, email: str = USER, first: str = "Brent", last: str = "Thomas") -> Identity:
        """A client with an account that is set up, whose password is PASSWORD."""
        client = making.make_client(self.desk, self.made.agency, email, first=first, last=last)
        return making.give_account(self.desk, self.made.admin, client)

    def link_to(self, email: str, number: int = 1) -> str:
        """The link in the mail of this number to somebody, once it has arrived."""
        self.post.wait_until(lambda: self.post.addresses().count(email) >= number, 30)
        [*_, mail] = [mail for mail in self.post.received if mail.recipients == (email,)][:number]
        found = re.search(re.escape(self.url) + r"/#[\w-]+=[\w.-]+", text_of(mail))
        assert found, text_of(mail)
        return found[0]

    def expire_links(self, client: Client) -> None:
        """Let the time of everything that was mailed to a client be over, once the portal has noted that it left."""
        # The hour of a link counts from then: a note that came later would give it a new one.
        until = time.monotonic() + 30
        while not self._all_sent(client):
            assert time.monotonic() < until, "the mail did not leave"
            threading.Event().wait(0.05)
        past = datetime.now(UTC) - timedelta(minutes=1)
        with self.desk.ctx.unit():
            identity = Client.get_by_id(client.id).identity_id
            OneTimeToken.update(expires_at=past).where(OneTimeToken.identity == identity).execute()

    def _all_sent(self, client: Client) -> bool:
        with self.desk.ctx.read():
            identity = Client.get_by_id(client.id).identity_id
            mails = OutboxMessage.select().join(OneTimeToken).where(OneTimeToken.identity == identity)
            return all(mail.state is MailState.SENT for mail in mails)


@contextmanager
def opened_house(
    environment: dict[str, str],
    post: SmtpServer,
    folder: Path,
    start_portal: Callable[..., Portal],
    path: str = "/desk/",
) -> Iterator[House]:
    """`environment` names an empty home and the mail server `post`."""
    port = free_port()
    with Nginx(folder / "nginx", port, make_certificates(folder)["good"], path) as nginx:
        environment |= {"TRAKDESK_PUBLIC_URL": nginx.url, "TRAKDESK_PORTAL_PROXIES": "127.0.0.1"}
        settings = load_settings(Path(environment["TRAKDESK_HOME"]), environment)
        desk = open_desk(settings, ManualClock(datetime.now(UTC) - timedelta(minutes=10)))
        made = making.make_agency(desk)
        yield House(desk, made, nginx, start_portal(nginx.url, port), post)


def sign_in(tab: Tab, user: str = USER, password: str = making.PASSWORD.reveal()) -> None:
    """Fill in the whole form."""
    tab.expect("Sign in with your account").fill(CODE, user, password).key("f2")


def choose_password(tab: Tab) -> None:
    """From the first screen of a link to the sentence that says that it is done."""
    tab.expect("Activate your account").settle().key("enter").expect("New password").fill(OWN, OWN)
    tab.key("f2").expect("Your password has been set.")


def answer_questions(tab: Tab) -> None:
    """From a first sign-in to the client's own place."""
    for number, answer in enumerate(ANSWERS, 1):
        tab.expect(f"Question {number}").settle().key("enter").settle().type(answer).key("enter")
    tab.expect("Your account is set up.").settle().key("enter").expect("Welcome, Brent Thomas")
