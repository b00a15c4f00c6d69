"""Carrying letters: one verified connection, and a plain word for everything that a server can do."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest

from services.mail import smtp as smtp_module
from services.mail.letter import Letter
from services.mail.smtp import Kind, Outcome, Smtp
from services.settings import MailSecurity, MailSettings
from tests.services.smtp_server import DROP, HANG, SmtpServer, Stage

ANN = "ann@example.com"
TEXT = b"To: ann@example.com\r\nMessage-ID: <1@example.com>\r\nSubject: hello\r\n\r\nHello\r\n.\r\nBye\r\n"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


def settings_for(server: SmtpServer, **changed: object) -> MailSettings:
    plain = MailSettings(
        host="127.0.0.1",
        port=server.port,
        security=MailSecurity.NONE,
        from_address="desk@ray.example",
        timeout=5,
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def send(settings: MailSettings, letter: Letter | None = None) -> Outcome:
    with Smtp(settings) as line:
        return line.send(letter or Letter(ANN, TEXT))


def test_a_letter_arrives_octet_for_octet_and_the_servers_answer_is_kept(server: SmtpServer) -> None:
    outcome = send(settings_for(server))

    assert outcome == Outcome(Kind.ACCEPTED, 250, "2.0.0 Ok: queued as 000001")
    assert server.received[0].octets == TEXT
    assert (server.received[0].sender, server.received[0].recipients) == ("desk@ray.example", (ANN,))


def test_one_connection_carries_many_letters(server: SmtpServer) -> None:
    with Smtp(settings_for(server)) as line:
        outcomes = [line.send(Letter(ANN, TEXT)) for _ in range(5)]

    assert {outcome.kind for outcome in outcomes} == {Kind.ACCEPTED}
    assert server.connections == 1


def test_a_connection_is_replaced_after_a_hundred_letters(server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_module, "MOST_PER_CONNECTION", 2)

    with Smtp(settings_for(server)) as line:
        for _ in range(5):
            line.send(Letter(ANN, TEXT))

    assert [mail.connection for mail in server.received] == [1, 1, 2, 2, 3]


def test_an_idle_connection_is_asked_whether_it_is_there_and_replaced_if_not(
    server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_module, "ASKED_WHEN_IDLE", 0.0)
    with Smtp(settings_for(server)) as line:
        line.send(Letter(ANN, TEXT))
        line.send(Letter(ANN, TEXT))
        assert (server.seen[Stage.NOOP], server.connections) == (1, 1)

        server.on(Stage.NOOP, DROP, times=1)
        assert line.send(Letter(ANN, TEXT)).kind is Kind.ACCEPTED

    assert server.connections == 2


def test_a_connection_that_was_idle_for_long_is_not_used_again(
    server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_module, "LONGEST_IDLE", 0.0)

    with Smtp(settings_for(server)) as line:
        line.send(Letter(ANN, TEXT))
        line.send(Letter(ANN, TEXT))

    assert (server.connections, server.seen[Stage.NOOP]) == (2, 0)


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.BODY])
def test_a_5xx_answer_to_a_letter_refuses_it_in_the_servers_words(server: SmtpServer, stage: Stage) -> None:
    server.on(stage, "550 5.1.1 no such user", times=1)
    with Smtp(settings_for(server)) as line:
        assert line.send(Letter(ANN, TEXT)) == Outcome(Kind.REFUSED, 550, "5.1.1 no such user")
        assert line.send(Letter(ANN, TEXT)).kind is Kind.ACCEPTED

    assert (server.connections, len(server.received)) == (1, 1)


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.BODY])
def test_a_4xx_answer_to_a_letter_defers_it_and_the_connection_goes_on(server: SmtpServer, stage: Stage) -> None:
    server.on(stage, "451 4.7.1 greylisted, try later", times=1)
    with Smtp(settings_for(server)) as line:
        assert line.send(Letter(ANN, TEXT)) == Outcome(Kind.DEFERRED, 451, "4.7.1 greylisted, try later")
        assert line.send(Letter(ANN, TEXT)).kind is Kind.ACCEPTED

    assert server.connections == 1


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.BODY])
@pytest.mark.parametrize("code", [421, 530, 538])
def test_an_answer_that_is_about_the_server_says_so(server: SmtpServer, stage: Stage, code: int) -> None:
    server.on(stage, f"{code} not now", times=1)

    assert send(settings_for(server)) == Outcome(Kind.DEFERRED, code, "not now", of_server=True)


@pytest.mark.parametrize("stage", [Stage.BANNER, Stage.EHLO])
def test_a_5xx_answer_before_any_letter_burns_no_letter(server: SmtpServer, stage: Stage) -> None:
    server.on(stage, "554 5.7.1 go away", times=9)

    outcome = send(settings_for(server))

    assert (outcome.kind, outcome.code, outcome.of_server) == (Kind.DEFERRED, 554, True)
    assert "5.7.1 go away" in outcome.words


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA])
def test_a_line_that_breaks_before_the_final_dot_defers_the_letter(server: SmtpServer, stage: Stage) -> None:
    server.on(stage, DROP, times=1)
    with Smtp(settings_for(server)) as line:
        first = line.send(Letter(ANN, TEXT))
        assert (first.kind, first.code, first.of_server) == (Kind.DEFERRED, None, False)
        assert line.send(Letter(ANN, TEXT)).kind is Kind.ACCEPTED

    assert len(server.received) == 1


def test_a_line_that_breaks_after_the_final_dot_leaves_it_unknown_and_is_not_repeated_by_itself(
    server: SmtpServer,
) -> None:
    server.on(Stage.BODY, DROP, times=1)
    with Smtp(settings_for(server)) as line:
        assert line.send(Letter(ANN, TEXT)).kind is Kind.UNKNOWN

    assert len(server.received) == 1


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA])
def test_a_server_that_says_nothing_defers_the_letter_after_the_time_out(server: SmtpServer, stage: Stage) -> None:
    server.on(stage, HANG)

    assert send(settings_for(server, timeout=0.2)).kind is Kind.DEFERRED


def test_a_server_that_says_nothing_after_the_final_dot_leaves_it_unknown(server: SmtpServer) -> None:
    server.on(Stage.BODY, HANG)

    assert send(settings_for(server, timeout=0.2)).kind is Kind.UNKNOWN


@pytest.mark.parametrize("stage", [Stage.BANNER, Stage.EHLO])
def test_a_black_hole_is_told_after_the_time_out(server: SmtpServer, stage: Stage) -> None:
    server.on(stage, HANG)

    outcome = send(settings_for(server, timeout=0.2))

    assert (outcome.kind, outcome.of_server) == (Kind.DEFERRED, True)


def test_a_server_that_drips_does_not_hold_a_letter_for_ever() -> None:
    """One octet at a time would satisfy a time-out that counts from the last octet, for hours."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_drip, args=(listener,), daemon=True).start()
        settings = MailSettings(
            host="127.0.0.1", port=listener.getsockname()[1], security=MailSecurity.NONE, timeout=0.3
        )
        assert send(settings).of_server


def _drip(listener: socket.socket) -> None:
    peer, _ = listener.accept()
    with peer:
        pause = threading.Event()
        try:
            while not pause.wait(0.1):
                peer.sendall(b"220-x\r\n")
        except OSError:
            return


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    outcome = send(MailSettings(host="127.0.0.1", port=port, security=MailSecurity.NONE))

    assert outcome == Outcome(Kind.DEFERRED, None, f"No line to 127.0.0.1:{port}: Connection refused", of_server=True)


def test_a_server_without_an_address_is_told() -> None:
    outcome = send(MailSettings(host="mail.nowhere.invalid", port=25, security=MailSecurity.NONE))

    assert (outcome.kind, outcome.of_server) == (Kind.DEFERRED, True)
    assert "mail.nowhere.invalid:25" in outcome.words


def test_the_servers_words_are_harmless_and_short() -> None:
    with SmtpServer(utf8=True) as server:
        server.on(Stage.RCPT, "550 \x1b]0;title\x07 \u202eevil " + "x" * 400)
        words = send(settings_for(server)).words

    assert words.isprintable()
    assert "\u202e" not in words
    assert len(words) == 200


def test_an_address_beyond_ascii_goes_to_a_server_that_takes_it() -> None:
    message = EmailMessage()
    message["Subject"] = "hello"
    with SmtpServer(utf8=True) as server:
        outcome = send(settings_for(server), Letter("zoë@exämple.com", message))

    assert outcome.kind is Kind.ACCEPTED
    assert server.received[0].recipients == ("zoë@exämple.com",)


def test_an_address_beyond_ascii_is_refused_for_a_server_that_does_not_take_it(server: SmtpServer) -> None:
    message = EmailMessage()
    message["Subject"] = "hello"

    assert send(settings_for(server), Letter("zoë@exämple.com", message)).kind is Kind.REFUSED


@pytest.mark.parametrize("address", ["a@x.com\r\nRCPT TO:<b@x.com>", "a@x.com\nb"])
def test_an_address_with_a_line_break_reaches_no_server(server: SmtpServer, address: str) -> None:
    assert send(settings_for(server), Letter(address, TEXT)).kind is Kind.REFUSED
    assert server.seen[Stage.RCPT] == 0


def test_another_thread_can_end_a_wait(server: SmtpServer) -> None:
    server.on(Stage.BODY, HANG)
    line = Smtp(settings_for(server, timeout=60))
    outcomes: list[Outcome] = []
    sender = threading.Thread(target=lambda: outcomes.append(line.send(Letter(ANN, TEXT))))
    sender.start()
    server.wait_until(lambda: server.seen[Stage.BODY] == 1)

    line.abort()
    sender.join(5)

    assert outcomes[0].kind is Kind.UNKNOWN


def test_a_connection_that_rested_too_long_is_ended_politely(
    server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Smtp(settings_for(server))
    line.send(Letter(ANN, TEXT))
    line.rest()
    monkeypatch.setattr(smtp_module, "LONGEST_IDLE", 0.0)
    line.rest()
    line.send(Letter(ANN, TEXT))
    line.close()

    assert server.connections == 2


def test_sending_loads_neither_premailer_nor_lxml_and_writes_nothing_to_the_terminal(server: SmtpServer) -> None:
    program = (
        "import sys\n"
        "from services.settings import MailSettings, MailSecurity\n"
        "from services.mail.smtp import Smtp\n"
        "from services.mail.letter import Letter\n"
        "assert 'yagmail' not in sys.modules\n"
        f"settings = MailSettings(host='127.0.0.1', port={server.port}, security=MailSecurity.NONE)\n"
        f"with Smtp(settings) as line: line.send(Letter({ANN!r}, {TEXT!r}))\n"
        "assert 'yagmail' in sys.modules\n"
        "assert not {'premailer', 'lxml', 'cssutils', 'requests'} & set(sys.modules), 'heavy'\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(server.received) == 1


def test_other_work_is_done_while_the_server_is_waited_for_and_at_no_other_time(server: SmtpServer) -> None:
    with Smtp(settings_for(server)) as line:
        waits: list[int] = []
        line.send(Letter(ANN, TEXT))
        line.send(Letter(ANN, TEXT), lambda: waits.append(len(server.received)))
        line.send(Letter(ANN, TEXT))

    assert len(waits) == 4, "MAIL, RCPT, DATA, and the letter itself"
