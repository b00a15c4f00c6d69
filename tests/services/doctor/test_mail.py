"""The mail server as the doctor finds it, against a real one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.doctor import mail
from services.doctor.finding import Finding, State
from services.settings import MailSecurity, MailSettings
from tests.services.certificates import Certificate, make_certificates
from tests.services.mail.test_smtp import settings_for
from tests.services.smtp_server import HANG, SmtpServer, Stage

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Certificate]:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


def examined(settings: MailSettings) -> Finding:
    return mail.examine(settings, NOW)


def with_certificate(certificate: Certificate, *, now: datetime = NOW) -> Finding:
    with SmtpServer(certificate=certificate) as server:
        settings = settings_for(server, security=MailSecurity.STARTTLS, ca_file=certificate.authority)
        return mail.examine(replace(settings, host="localhost"), now)


def test_without_a_server_it_is_not_used() -> None:
    assert examined(MailSettings()).state is State.UNUSED


def test_a_server_of_this_machine_is_well_in_clear(server: SmtpServer) -> None:
    found = examined(settings_for(server))
    assert (found.state, found.words.endswith("in clear on this machine")) == (State.WELL, True)


def test_a_certificate_that_lasts_is_well_and_one_that_ends_soon_is_told(certificates: dict[str, Certificate]) -> None:
    found = with_certificate(certificates["lasting"])
    assert found.state is State.WELL, found
    assert f"holds until {NOW + timedelta(days=90):%Y-%m-%d}" in found.words
    soon = with_certificate(certificates["lasting"], now=NOW + timedelta(days=80))
    assert (soon.state, soon.well) == (State.HINT, True)
    assert "renewed" in soon.remedy


@pytest.mark.parametrize(
    ("kind", "words", "remedy"),
    [
        ("expired", "has expired", "Renew the certificate"),
        ("elsewhere", "not valid for 'localhost'", "mail.host"),
        ("self-signed", "not trusted", "mail.ca_file"),
    ],
)
def test_a_certificate_that_proves_nothing_says_what_mends_it(
    certificates: dict[str, Certificate], kind: str, words: str, remedy: str
) -> None:
    found = with_certificate(certificates[kind])
    assert found.state is State.BAD
    assert words in found.words
    assert remedy in found.remedy


def test_a_server_that_offers_no_encryption_is_told(server: SmtpServer) -> None:
    found = examined(settings_for(server, security=MailSecurity.STARTTLS))
    assert found.state is State.BAD
    assert "starttls at port 587, tls at 465" in found.remedy


def test_a_wrong_password_is_told(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("wrong")
    secret.chmod(0o600)
    with SmtpServer(login=("desk", "right")) as server:
        found = examined(settings_for(server, user="desk", password_file=secret))
    assert found.state is State.BAD
    assert "mail.password_file" in found.remedy
    assert "wrong" not in found.words


def test_a_server_that_is_away_is_told(server: SmtpServer) -> None:
    server.stop_listening()
    found = examined(settings_for(server))
    assert (found.state, "start the server" in found.remedy) == (State.BAD, True)


def test_a_server_that_says_nothing_is_given_up(server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "PATIENCE", 0.2)
    server.on(Stage.EHLO, HANG)
    found = examined(settings_for(server))
    assert (found.state, found.words.endswith("timed out")) == (State.BAD, True)
