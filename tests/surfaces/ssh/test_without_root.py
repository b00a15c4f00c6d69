"""Our lines about the account, held by a real OpenSSH server that needs no root: it runs as whoever runs the tests.

What only root can make is left out: an account whose login shell is the launcher, PAM, and the program for keys. So
the forced command alone stands between a key and the shell of a real person.
"""

from __future__ import annotations

import getpass
import grp
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.doctor.finding import Finding
from services.opening import open_desk
from services.settings import load_settings
from tests import making
from tests.surfaces.ssh.conftest import free_port, wait_for_port
from tests.surfaces.term import Term
from tui.ssh import probes
from tui.ssh.client import Client
from tui.ssh.files import files
from tui.ssh.install import SSHD
from tui.ssh.layout import Door, Layout
from tui.ssh.rules import rules

pytestmark = pytest.mark.slow

_ROOTS_OWN = ("AuthorizedKeysCommand", "AuthorizedKeysCommandUser", "AuthorizedKeysFile")


def why_not() -> str:
    """Why no such server can be started here; empty where it can."""
    if not Path(SSHD).exists() or not shutil.which("ssh") or not shutil.which("ssh-keygen"):
        return "the OpenSSH server or client is not installed"
    if os.geteuid() == 0 and not Path("/run/sshd").is_dir():
        return "as root, sshd needs the folder /run/sshd, which this machine does not have"
    return ""


def make_key(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


def configuration(layout: Layout, folder: Path, port: int) -> str:
    """A server of nobody else, with our lines about the account as they are installed."""
    lines = [
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {make_key(folder / 'host')}",
        "PidFile none",
        "StrictModes no",
        "UsePAM no",
        "PermitRootLogin yes",
        f"Match User {layout.account}",
    ]
    # Some shells would stay between sshd and the launcher, which believes only what sshd itself has started.
    launcher = f"exec {layout.on_disk(layout.launcher)}"
    lines += [
        f"{rule.keyword} {rule.value.replace(str(layout.launcher), launcher)}"
        for rule in rules(layout)
        if rule.keyword not in _ROOTS_OWN
    ]
    return "\n".join([*lines, f"AuthorizedKeysFile {folder / 'mine.pub'}", ""])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a desk that is set up."""
    folder = tmp_path_factory.mktemp("desk")
    making.make_agency(open_desk(load_settings(folder, {})))
    return folder


@pytest.fixture(scope="module")
def client(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Somebody with a key to the account."""
    if reason := why_not():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("ssh")
    account, port = getpass.getuser(), free_port()
    layout = Layout(home, account, Door.KEYS, root=folder)
    [launcher] = [file for file in files(layout) if file.path == layout.launcher]
    on_disk = layout.on_disk(layout.launcher)
    on_disk.parent.mkdir(parents=True)
    on_disk.write_text(launcher.text)
    on_disk.chmod(0o755)
    key = make_key(folder / "mine")
    (folder / "sshd_config").write_text(configuration(layout, folder, port))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "sshd_config"], stderr=log)
    try:
        wait_for_port(port)
        yield Client("127.0.0.1", port, account, key)
    finally:
        server.terminate()
        server.wait()


def why_no_terminal() -> str:
    """Why a server that is not root can give nobody a terminal here; empty where it can."""
    ours, theirs = os.openpty()
    same = os.fstat(theirs).st_gid == grp.getgrnam("tty").gr_gid
    os.close(ours)
    os.close(theirs)
    return "" if same or os.geteuid() == 0 else "terminals belong to another group than tty in this container"


Probe = Callable[[Client], Finding]


@pytest.mark.parametrize("probe", [probes.reach, *probes.WITHOUT_HOME], ids=lambda probe: str(probe.__name__))
def test_the_lines_about_the_account_refuse_it(client: Client, probe: Probe) -> None:
    if probe is probes.command_with_terminal and (reason := why_no_terminal()):
        pytest.skip(reason)
    finding = probe(client)
    assert finding.well, finding.words


def test_no_variable_no_agent_no_window_and_no_socket_gets_through(client: Client, home: Path) -> None:
    found = [probes.forward_socket(client, home), *probes.environment(client, home)]
    assert [one.words for one in found if not one.well] == []


def test_the_desk_opens_in_a_terminal(client: Client) -> None:
    if reason := why_no_terminal():
        pytest.skip(reason)
    with Term(client.words("-tt"), 80, 24) as term:
        term.expect("Sign in with your account", 40)


def test_another_key_opens_nothing(client: Client, tmp_path: Path) -> None:
    other = Client(client.host, client.port, client.account, make_key(tmp_path / "other"))
    assert "Permission denied" in other.ask("-T").err
