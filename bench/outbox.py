"""The outbox emptied, against plain smtplib that sends the same mails, made before, over one open connection.

Emptying means: lease, look, write each mail from its templates, send, store what became of it with token and audit.
"""

from __future__ import annotations

import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from statistics import median

from bench.result import Result
from models.agency import Agency
from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import IdentityState, MailState, Role, TokenPurpose
from services.credentials import tokens
from services.desk import Desk
from services.mail.facts import facts_of, rows_where
from services.mail.letter import compose
from services.mail.render import RenderedMail, Renderer
from services.opening import open_desk
from services.settings import MailSecurity, MailSettings, Settings

ROUNDS = 5
MAILS = 300
"""In each round, for either side; every mail is a welcome mail with its link and code."""

_SENDER = "desk@raystaging.example.com"


def run() -> list[Result]:
    """Alternate the two against one server in a process of its own."""
    ours: list[float] = []
    messages: list[float] = []
    octets: list[float] = []
    with _server() as port, tempfile.TemporaryDirectory() as home:
        desk = _desk(Path(home), port)
        agency = _agency(desk)
        for number in range(ROUNDS):
            _queue(desk, agency, number)
            mails = _written(desk)
            messages.append(_plain(port, [(mail.to_address, compose(mail)) for mail in mails]))
            octets.append(_plain(port, [(mail.to_address, compose(mail).as_bytes()) for mail in mails]))
            ours.append(_emptied(desk))
        desk.delivery.close()
    return [
        Result(
            name="outbox",
            measured=f"{median(ours):.0f} mails/s",
            reference=(
                f"smtplib's send_message {median(messages):.0f} mails/s"
                f" (its sendmail, of ready octets: {median(octets):.0f})"
            ),
            ratio=median(ours) / median(messages),
            budget=0.8,
            better="at least",
        )
    ]


def _plain(port: int, mails: Sequence[tuple[str, EmailMessage | bytes]]) -> float:
    """Mails a second over one open connection."""
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.ehlo()
        started = time.perf_counter()
        for address, mail in mails:
            if isinstance(mail, bytes):
                line.sendmail(_SENDER, [address], mail)
            else:
                line.send_message(mail, _SENDER, [address])
        return len(mails) / (time.perf_counter() - started)


def _emptied(desk: Desk) -> float:
    started = time.perf_counter()
    handled = 0
    while number := desk.delivery.run_once():
        handled += number
    rate = handled / (time.perf_counter() - started)
    with desk.ctx.read():
        sent = OutboxMessage.select().where(OutboxMessage.state == MailState.SENT).count()
    assert handled == MAILS and sent % MAILS == 0, f"{handled} of {MAILS} mails were handled, {sent} sent in all"
    return rate


def _desk(home: Path, port: int) -> Desk:
    mail = MailSettings(host="127.0.0.1", port=port, security=MailSecurity.NONE, from_address=_SENDER)
    return open_desk(Settings(home=home, database_url=f"sqlite:///{home}/bench.sqlite3", mail=mail))


def _agency(desk: Desk) -> Agency:
    with desk.ctx.unit():
        return Agency.create(
            name="Ray Staging",
            code="919236",
            code_key="919236",
            address="10636 Scripps Summit Court\nSan Diego, CA 92130",
            phone="+15195550143",
            email="office@raystaging.example.com",
            created_at=desk.ctx.clock.now(),
        )


def _queue(desk: Desk, agency: Agency, number: int) -> None:
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        for person in range(MAILS):
            email = f"client{number}.{person}@example.com"
            identity = Identity.create(
                agency=agency,
                email=email,
                email_key=email,
                name=f"Frank Jones {person}",
                role=Role.CLIENT,
                state=IdentityState.PENDING,
                created_at=now,
                state_changed_at=now,
                state_changed_by="bench",
            )
            tokens.issue(desk.ctx, identity, TokenPurpose.ACTIVATE, by="Sue Wright")


def _written(desk: Desk) -> list[RenderedMail]:
    """The mails that wait, as the delivery will write them."""
    renderer = Renderer(desk.ctx.settings, desk.ctx.keys.mail)
    with desk.ctx.read():
        rows = rows_where(OutboxMessage.state == MailState.QUEUED)
    return [renderer.render(facts_of(row), desk.ctx.clock.now()) for row in rows]


@contextmanager
def _server() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.smtp_sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.communicate()
