"""A tour of everything that meets a secret, after which none of them rests anywhere."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterator
from contextlib import suppress

import pytest

from models.client import Client
from models.database import is_postgresql
from models.identity import Identity
from models.states import MailPurpose, TokenPurpose
from services import key_rotation, person_key
from services.actor import Actor
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.desk import Desk
from services.errors import DeskError
from services.mail.delivery import Delivery
from tests import making
from tests.enrolling import app_behind
from tests.making import HERE, MadeAgency
from tests.recovering import USER, ask
from tests.services.auditing.conftest import AT_THE_MACHINE
from tests.services.mailing import with_server
from tests.services.signing_in import CODE
from tests.services.smtp_server import SmtpServer

QUESTIONS = ("first_street", "first_school", "first_pet")


class Tour:
    """Somebody who uses secrets, and remembers all of them."""

    def __init__(self, ctx: Context, clock: ManualClock) -> None:
        self.ctx = ctx
        self.clock = clock
        self.desk = Desk(ctx)
        self.said: dict[str, str] = {}

    def says(self, what: str, text: str = "") -> Secret:
        """A secret of this tour; without a text, a new one that looks like no other text."""
        self.said[what] = text or f"Marker {what} zyxwv"
        return Secret(self.said[what])

    def answers(self, what: str) -> tuple[Answered, ...]:
        return tuple(Answered(question, self.says(f"{what} {question}")) for question in QUESTIONS)

    def refused(self, act: object) -> None:
        """Something that must not work, and need not."""
        with pytest.raises(DeskError):
            act()  # type: ignore[operator]
        self.clock.advance(minutes=2)

    def mailed(self, identity: Identity, purpose: TokenPurpose) -> Secret:
        """The link of the newest mail of a purpose; link and code are remembered."""
        token = making.tokens_of(self.ctx, identity, purpose)[-1]
        sent = making.secrets_of(self.ctx, token)
        self.says(f"{purpose} code", sent.code)
        return self.says(f"{purpose} link", sent.token)

    def deliver(self) -> None:
        """Send what waits."""
        while Delivery(self.ctx).run_once():
            pass
        self.clock.advance(minutes=6)


@pytest.fixture
def tour(ctx: Context, clock: ManualClock) -> Iterator[Tour]:
    with SmtpServer() as server:
        yield Tour(with_server(ctx, server), clock)


def account(tour: Tour, ray: MadeAgency, client: Client) -> Identity:
    """Created, activated after a slip, with questions answered."""
    desk, person = tour.desk, person_key.client(client.id)
    desk.accounts.create_and_welcome(ray.admin, person)
    tour.deliver()
    identity = making.identity_of(tour.ctx, client)
    link = tour.mailed(identity, TokenPurpose.ACTIVATE).reveal()
    tour.refused(lambda: desk.recovery.open(tour.says("wrong link", "zyxwvutsrqponmlkjihgfedcba").reveal(), "", HERE))
    tour.refused(lambda: desk.recovery.open(tour.says("wrong code", "ZZZZ-7777").reveal(), USER, HERE))
    tour.refused(lambda: desk.recovery.choose_password(link, "", tour.says("short", "Zq7#x"), HERE))
    desk.recovery.choose_password(link, "", tour.says("first password"), HERE)
    tour.refused(lambda: desk.sign_in.sign_in(CODE, USER, tour.says("wrong password"), HERE))
    return identity


def first_steps(tour: Tour, password: Secret) -> Actor:
    """What the first sign-in asks for."""
    actor = tour.desk.sign_in.sign_in(CODE, USER, password, HERE)
    tour.desk.onboarding.accept_terms(actor)
    tour.desk.onboarding.confirm_contact(actor, "")
    tour.desk.onboarding.set_questions(actor, tour.answers("answer"))
    with suppress(DeskError):
        return tour.desk.onboarding.finish(actor)
    return actor


def second_factor(tour: Tour, actor: Actor, identity: Identity, password: Secret) -> None:
    """Enrolled, used, wrong once, recovered once."""
    factors = tour.desk.second_factor
    shown = factors.begin(actor, password)
    tour.says("totp key", app_behind(tour.ctx, identity.id).key)
    tour.says("totp key in groups", shown.key.reveal())
    app = app_behind(tour.ctx, identity.id)
    for number, code in enumerate(factors.confirm(actor, app.code(tour.clock.now()))):
        tour.says(f"old recovery code {number}", code)
    factors.keep_codes(actor)
    tour.clock.advance(minutes=1)
    codes = factors.new_recovery_codes(actor, app.code(tour.clock.now()))
    factors.keep_codes(actor)
    for number, code in enumerate(codes):
        tour.says(f"recovery code {number}", code)
    half = tour.desk.sign_in.sign_in(CODE, USER, password, HERE)
    tour.refused(lambda: tour.desk.sign_in.prove(half, tour.says("wrong recovery code", "ZZZZ-ZZZZ-ZZZZ-ZZZZ")))
    tour.desk.sign_in.prove(half, Secret(codes[0]))


def staff_work(tour: Tour, ray: MadeAgency, client: Client, identity: Identity) -> None:
    """A caller is verified in every way, and the address changed."""
    desk, person = tour.desk, person_key.client(client.id)
    answers = tuple(Answered(question, Secret(tour.said[f"answer {question}"])) for question in QUESTIONS)
    desk.verification.check_answers(ray.admin, person, tour.answers("wrong answer"))
    tour.clock.advance(minutes=2)
    desk.verification.check_answers(ray.admin, person, answers)
    desk.verification.send_code(ray.admin, person)
    tour.deliver()
    tour.mailed(identity, TokenPurpose.CALLER)
    desk.verification.check_factor(ray.admin, person, app_behind(tour.ctx, identity.id).code(tour.clock.now()))


def forgotten(tour: Tour, identity: Identity) -> None:
    """Both mails of a forgotten password."""
    ask(tour.desk)
    tour.deliver()
    link = tour.mailed(identity, TokenPurpose.CONFIRM_RESET).reveal()
    answers = tuple(Answered(question, Secret(tour.said[f"answer {question}"])) for question in QUESTIONS)
    code = Secret(tour.said["recovery code 1"])
    tour.refused(lambda: tour.desk.recovery.confirm_reset(link, "", tour.answers("bad answer"), code, HERE))
    tour.desk.recovery.confirm_reset(link, "", answers, code, HERE)
    [mail] = making.mails(tour.ctx, identity, MailPurpose.TEMPORARY)
    tour.says("temporary password", making.temporary_in(tour.ctx, mail).reveal())
    tour.deliver()
    half = tour.desk.sign_in.sign_in(CODE, USER, Secret(tour.said["temporary password"]), HERE)
    actor = tour.desk.sign_in.prove(half, Secret(tour.said["recovery code 2"])) if half.awaits else half
    tour.desk.onboarding.choose_password(actor, tour.says("last password"))


def spellings(text: str) -> set[bytes]:
    """As what a secret could stand somewhere."""
    bare = re.sub(r"[^0-9A-Za-z]", "", text)
    plain = {text, text.lower(), text.upper(), text.casefold(), bare, bare.lower(), text[::-1]}
    coded = {base64.b64encode(text.encode()).decode().rstrip("="), text.encode().hex(), text.encode("utf-16-le").hex()}
    return {one.encode() for one in plain | coded if len(one) >= 5}


def resting(ctx: Context) -> Iterator[tuple[str, bytes]]:
    """Everything that rests: all rows of all tables or the files themselves, and the home folder but for the keys."""
    if is_postgresql(ctx.database):
        with ctx.read():
            for (table,) in ctx.database.execute_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
                for (row,) in ctx.database.execute_sql(f"SELECT t::text FROM {table} AS t").fetchall():
                    yield table, row.encode()
    for path in ctx.settings.home.rglob("*"):
        if path.is_file() and not path.name.startswith("keys"):
            yield path.name, path.read_bytes()


def test_after_a_tour_with_marked_secrets_none_of_them_rests_anywhere(
    tour: Tour, clock: ManualClock, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    # Peewee's own log of statements tells their values when somebody turns it on; the desk keeps it off.
    caplog.set_level(logging.INFO)
    ray = making.make_agency(tour.desk, reset_mails=2)
    brent = making.make_client(tour.desk, ray.agency)
    identity = account(tour, ray, brent)
    actor = first_steps(tour, Secret(tour.said["first password"]))
    tour.desk.own.change_password(actor, Secret(tour.said["first password"]), tour.says("second password"))
    tour.desk.own_sessions.lock(actor, idle=False)
    tour.refused(lambda: tour.desk.own_sessions.unlock(actor, tour.says("wrong unlock")))
    tour.desk.own_sessions.unlock(actor, Secret(tour.said["second password"]))
    second_factor(tour, actor, identity, Secret(tour.said["second password"]))
    staff_work(tour, ray, brent, identity)
    forgotten(tour, identity)
    key_rotation.rotate(tour.ctx, AT_THE_MACHINE, pepper=True, cipher=True)

    assert len(tour.said) > 40
    told = {"log": caplog.text.encode(), "output": "".join(capfd.readouterr()).encode()}
    found = [
        (what, where)
        for where, text in [*told.items(), *resting(tour.ctx)]
        for what, secret in tour.said.items()
        if any(spelling in text for spelling in spellings(secret))
    ]
    assert found == []


def test_the_search_for_markers_would_find_one(tour: Tour, ray: MadeAgency) -> None:
    secret = tour.says("told")
    making.make_client(tour.desk, ray.agency, first="Brent", last=secret.reveal())
    assert any(spelling in text for _, text in resting(tour.ctx) for spelling in spellings(secret.reveal()))
