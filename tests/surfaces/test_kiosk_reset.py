"""A reset and an activation at a real kiosk, with a real mail server; both engines."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import psycopg
import pytest

from services.desk import Desk
from tests import enrolling, making, recovering
from tests.enrolling import App
from tests.making import MadeAgency
from tests.recovering import USER
from tests.services.smtp_server import SmtpServer
from tests.surfaces.kiosk import HOME, KioskTerm, enrol
from tests.surfaces.playing import code_in, desk_of, text_of

pytestmark = pytest.mark.slow

OWN = "seven plum orbits a candle"
NORA = "nora@example.com"


@pytest.fixture
def desk(environment: dict[str, str], post: SmtpServer) -> Desk:
    """The desk without a screen, ten minutes ago; the kiosk sends its mail."""
    return desk_of(environment, earlier=True)


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@pytest.fixture
def app(desk: Desk, ray: MadeAgency) -> App:
    """Brent's account, with security questions and an authenticator app."""
    brent = making.give_account(desk, ray.admin, making.make_client(desk, ray.agency))
    recovering.answer(desk.ctx, brent)
    return enrolling.enrol(desk.ctx, brent.id)


@pytest.fixture
def kiosk(environment: dict[str, str], ray: MadeAgency, command: Callable[..., object]) -> Iterator[KioskTerm]:
    """The kiosk in the lobby."""
    enrol(command)
    with KioskTerm(environment) as term:
        yield term


def go(term: KioskTerm, text: str, then: str) -> None:
    """Type, go on, and wait for what comes."""
    term.settle(0.3, 5)
    term.type(text).key("enter").expect(then, 30)


def kiosk_code(post: SmtpServer) -> str:
    """What stands in the only mail for a kiosk."""

    def mails() -> list[str]:
        return [text for mail in post.received if "Type this code there" in (text := text_of(mail))]

    post.wait_until(lambda: bool(mails()))
    [text] = mails()
    assert 'kiosk "Lobby"' in text
    assert USER not in text
    return code_in(text)


def hurdles(kiosk: KioskTerm, post: SmtpServer, app: App) -> None:
    """From the code on."""
    go(kiosk, kiosk_code(post), "In which street")
    for given, then in (("Elm Street", "your first school"), ("Hillside", "your first pet"), ("Rex", "Choose a new")):
        go(kiosk, given, then)
    kiosk.settle(0.3, 5)
    kiosk.type(OWN).key("enter").settle(0.3, 5)
    go(kiosk, OWN, "Type the code of your app")
    go(kiosk, app.code(datetime.now(UTC)).reveal(), "Your new password is set")


def addresses(kiosk: KioskTerm) -> None:
    """From home to the code."""
    kiosk.expect(HOME, 40).settle(0.5, 5)
    kiosk.key("enter").expect("What is your e-mail address?", 30)
    go(kiosk, USER, "Type the address once more")
    go(kiosk, USER, "Type the code from your mail")


def test_a_reset_with_questions_and_factor_goes_home_by_itself(
    kiosk: KioskTerm, desk: Desk, app: App, post: SmtpServer
) -> None:
    addresses(kiosk)
    hurdles(kiosk, post, app)
    kiosk.expect(HOME, 20)
    kiosk.absent(USER)
    assert making.entries(desk.ctx, "password_chosen")[-1].place == "Lobby"


def test_an_activation_to_the_end(kiosk: KioskTerm, desk: Desk, ray: MadeAgency) -> None:
    client = making.make_client(desk, ray.agency, NORA, first="Nora", last="Newcomer")
    nora = making.give_account(desk, ray.admin, client, password=None)
    with desk.ctx.unit():
        making.secure(desk.ctx, nora, secured=False)
    kiosk.expect(HOME, 40).settle(0.5, 5)
    kiosk.key("tab").settle(0.3, 3)
    kiosk.key("enter").expect("What is your e-mail address?", 30)
    go(kiosk, NORA, "Type the code from your mail")
    go(kiosk, making.sent_secrets(desk.ctx, nora).code, "Choose a password")
    kiosk.settle(0.3, 5)
    kiosk.type(OWN).key("enter").settle(0.3, 5)
    go(kiosk, OWN, "Choose security question 1 of 3")
    for number, given in enumerate(("Elm Street", "Hillside", "Rex"), 2):
        kiosk.settle(0.3, 5)
        kiosk.key("enter").settle(0.3, 5)
        go(kiosk, given, f"Choose security question {number} of 3" if number < 4 else "Your account is set up")
    kiosk.expect(HOME, 20)
    assert making.entries(desk.ctx, "signed_out")[-1].subject == "Nora Newcomer"


def test_the_mail_server_gone_and_back(kiosk: KioskTerm, desk: Desk, app: App, post: SmtpServer) -> None:
    post.stop_listening()
    addresses(kiosk)
    post.listen_again()
    hurdles(kiosk, post, app)


@contextmanager
def away(database_url: str, server_url: str) -> Iterator[None]:
    """Meanwhile the database takes nothing: another program holds the file, or the server lets nobody in."""
    if not database_url.startswith("postgresql"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            yield
            holder.execute("ROLLBACK")
        return
    name = database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        yield
        server.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")


def test_the_database_gone_in_the_middle(
    kiosk: KioskTerm, app: App, post: SmtpServer, database_url: str, request: pytest.FixtureRequest
) -> None:
    kiosk.expect(HOME, 40).settle(0.5, 5)
    kiosk.key("enter").expect("What is your e-mail address?", 30)
    go(kiosk, USER, "Type the address once more")
    server = request.getfixturevalue("postgresql_server") if database_url.startswith("postgresql") else ""
    with away(database_url, server):
        go(kiosk, USER, "does not reach the desk right now")
        kiosk.expect("typed is still here")
    kiosk.key("enter").expect("Type the address once more", 20).settle(0.3, 5)
    kiosk.key("enter").expect("Type the code from your mail", 30)
    hurdles(kiosk, post, app)
