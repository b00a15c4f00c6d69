"""The SSH side of a machine as `trakdesk doctor` tells it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from services.doctor.finding import Finding, State, good
from tui.ssh import effective, looked_after
from tui.ssh.files import drop_in
from tui.ssh.layout import Layout


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The folder of drop-ins, with ours in it."""
    (tmp_path / "trakdesk.conf").write_text(drop_in(Layout(tmp_path / "home", account="trakdesk-test-nobody")))
    return tmp_path


def test_a_machine_without_a_desk_over_ssh_does_not_use_it(tmp_path: Path) -> None:
    assert [finding.state for finding in looked_after.examine(tmp_path)] == [State.UNUSED]
    assert [finding.state for finding in looked_after.examine(tmp_path / "none")] == [State.UNUSED]


def test_what_lacks_of_an_installation_is_named(installed: Path) -> None:
    found = list(looked_after.examine(installed))
    assert {finding.state for finding in found} == {State.BAD}
    assert any(finding.part == "ssh account" for finding in found)
    assert all(finding.remedy for finding in found)


def test_a_file_that_is_not_ours_is_told(installed: Path) -> None:
    (installed / "trakdesk.conf").write_text("PermitRootLogin yes\n")
    [found] = looked_after.examine(installed)
    assert (found.state, "trakdesk ssh install" in found.remedy) == (State.BAD, True)


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files are there, and all settings hold; seen by root."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(looked_after.place, "examine", lambda _: [good("files", "as installed")])
    monkeypatch.setattr(looked_after.effective, "examine", lambda *_: [good("settings", "all hold")])


@contextmanager
def listening(greeting: bytes) -> Iterator[tuple[str, int]]:
    """What says this to one who comes, and then hangs up."""

    def greet() -> None:
        with suppress(OSError):
            line, _ = server.accept()
            with line:
                line.sendall(greeting)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=greet)
        thread.start()
        yield server.getsockname()[:2]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def at_port(folder: Path, port: int) -> Finding:
    (folder / "trakdesk.conf").write_text(drop_in(Layout(folder / "home", port=port)))
    [found] = looked_after.examine(folder)
    return found


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(("user", "state"), [(0, State.WELL), (1000, State.HINT)])
def test_only_root_can_ask_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, state: State) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    with listening(b"SSH-2.0-OpenSSH_9.2\r\n") as (_, port):
        assert at_port(tmp_path, port).state is state


@pytest.mark.usefixtures("whole")
def test_a_server_that_does_not_run_obeys_nothing(tmp_path: Path) -> None:
    """Its settings can be asked for all the same: the doctor once said that it obeys them."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = at_port(tmp_path, port)
    assert (found.state, found.remedy) == (State.BAD, "Start it: systemctl start trakdesk-ssh.service")
    assert found.words.endswith(f"no SSH server answers at port {port}")
    with listening(b"HTTP/1.1 400\r\n") as (_, port):
        assert at_port(tmp_path, port).state is State.BAD


@pytest.mark.usefixtures("whole")
def test_the_machine_s_own_server_is_asked_where_it_listens(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(b"SSH-2.0-OpenSSH_9.2\r\n") as (_, port):
        told = {"listenaddress": ["[::1]:1", f"0.0.0.0:{port}"]}
        monkeypatch.setattr(effective, "told_by", lambda *_: told)
        assert [finding.state for finding in looked_after.examine(installed)] == [State.WELL]
        told["listenaddress"] = ["[::]:1", "0.0.0.0:1"]
        [found] = looked_after.examine(installed)
    assert (found.state, found.remedy) == (State.BAD, "Start it: systemctl start ssh")
    assert found.words.endswith("at port 1")
