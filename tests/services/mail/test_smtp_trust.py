"""Whom the way to the mail server trusts: verified certificates, encryption or nothing, no open password file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.mail.smtp import Kind
from services.settings import MailSecurity
from tests.services.certificates import Certificate, make_certificates
from tests.services.mail.test_smtp import send, settings_for
from tests.services.smtp_server import SmtpServer, Stage

# aiosmtpd warns of sign-ins in clear, which here never leave the machine.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Certificate]:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize("implicit", [True, False])
def test_a_certificate_of_ones_own_authority_is_taken(certificates: dict[str, Certificate], implicit: bool) -> None:
    good = certificates["good"]
    with SmtpServer(certificate=good, implicit_tls=implicit) as server:
        security = MailSecurity.TLS if implicit else MailSecurity.STARTTLS
        assert send(settings_for(server, security=security, ca_file=good.authority)).kind is Kind.ACCEPTED

    assert server.received[0].encrypted


@pytest.mark.parametrize("implicit", [True, False])
@pytest.mark.parametrize("kind", ["self-signed", "elsewhere"])
def test_a_certificate_that_proves_nothing_is_refused_before_anything_is_said(
    certificates: dict[str, Certificate], kind: str, implicit: bool
) -> None:
    bad = certificates[kind]
    with SmtpServer(certificate=bad, implicit_tls=implicit, login=("desk", "pass")) as server:
        security = MailSecurity.TLS if implicit else MailSecurity.STARTTLS
        outcome = send(settings_for(server, security=security, ca_file=bad.authority))

    assert (outcome.kind, outcome.of_server) == (Kind.DEFERRED, True)
    assert "certificate" in outcome.words
    assert (server.seen[Stage.AUTH], server.seen[Stage.MAIL]) == (0, 0)


def test_a_good_certificate_is_refused_without_its_authority(certificates: dict[str, Certificate]) -> None:
    with SmtpServer(certificate=certificates["good"]) as server:
        outcome = send(settings_for(server, security=MailSecurity.STARTTLS))

    assert "not trusted" in outcome.words
    assert server.received == []


def test_nothing_goes_in_clear_when_encryption_is_not_offered(server: SmtpServer) -> None:
    outcome = send(settings_for(server, security=MailSecurity.STARTTLS))

    assert (outcome.kind, outcome.of_server) == (Kind.DEFERRED, True)
    assert "STARTTLS" in outcome.words
    assert server.seen[Stage.MAIL] == 0


def test_signing_in_needs_the_password_from_its_file(tmp_path: Path) -> None:
    with SmtpServer(login=("desk", "p4ss word")) as server:
        settings = settings_for(server, user="desk", password_file=_password_file(tmp_path, "p4ss word\n"))
        assert send(settings).kind is Kind.ACCEPTED

    assert server.received[0].user == "desk"


def test_a_wrong_password_burns_no_letter(tmp_path: Path) -> None:
    with SmtpServer(login=("desk", "right")) as server:
        outcome = send(settings_for(server, user="desk", password_file=_password_file(tmp_path, "wrong")))

    assert (outcome.kind, outcome.code, outcome.of_server) == (Kind.DEFERRED, 535, True)
    assert "wrong" not in outcome.words


def test_a_password_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    path = _password_file(tmp_path, "right", 0o640)
    with SmtpServer(login=("desk", "right")) as server:
        outcome = send(settings_for(server, user="desk", password_file=path))

    assert str(path) in outcome.words
    assert "chmod 600" in outcome.words
    assert server.seen[Stage.AUTH] == 0


@pytest.mark.parametrize("path", [None, Path("/nowhere/password")])
def test_a_missing_password_is_told(server: SmtpServer, path: Path | None) -> None:
    outcome = send(settings_for(server, user="desk", password_file=path))

    assert (outcome.kind, outcome.of_server) == (Kind.DEFERRED, True)
    assert "password" in outcome.words


def test_a_missing_authority_file_is_told(server: SmtpServer) -> None:
    outcome = send(settings_for(server, security=MailSecurity.STARTTLS, ca_file=Path("/nowhere/ca.pem")))

    assert "/nowhere/ca.pem" in outcome.words
    assert server.connections == 0


def _password_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "password"
    path.write_text(text)
    path.chmod(mode)
    return path
