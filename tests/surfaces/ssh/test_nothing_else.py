"""Behind the account is the desk and nothing else: every abuse is tried, and every weakness that is made is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.doctor.finding import Finding
from tests.surfaces.ssh.conftest import HOME, Machine, free_port
from tui import exits
from tui.ssh import effective, probes
from tui.ssh.client import Client
from tui.ssh.install import SSHD
from tui.ssh.layout import Door, Layout
from tui.ssh.rules import Rule, general_rules, rules

Probe = Callable[[Client], Finding]
LAYOUT = Layout(HOME, port=2222)
QUICK = [probe for probe in probes.WITHOUT_HOME if probe is not probes.idle_connection]


def id_of(value: object) -> str:
    return getattr(value, "__name__", "") or (value.keyword if isinstance(value, Rule) else str(value))


@pytest.mark.parametrize("probe", [probes.reach, *QUICK], ids=id_of)
def test_it_is_refused(served: Machine, probe: Probe) -> None:
    finding = probe(served.client())
    assert finding.well, finding.words


@pytest.mark.slow
def test_the_check_proves_it_all(served: Machine) -> None:
    done = served.trakdesk("ssh", "check", code=None)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (exits.DONE, "All is well."), done.stdout
    told = served.read(HOME / "trakdesk.log")
    assert "a command was asked for over SSH from 127.0.0.1, and not run" in told
    # What was asked for could be a password in the wrong window.
    assert "echo" not in told
    assert "fault" not in told


@pytest.mark.slow
def test_real_clients_copy_nothing(served: Machine, tmp_path: Path) -> None:
    options = [word for word in served.client().words()[5:-1] if word != "-T"]
    (tmp_path / "mine").write_text("mine")
    for program in (["scp"], ["scp", "-O"]):
        words = [shutil.which(program[0]) or "", *program[1:], "-F", "/dev/null", "-P", str(served.port), *options]
        fetched = subprocess.run([*words, "desk@127.0.0.1:/etc/passwd", tmp_path / "theirs"], capture_output=True)
        stored = subprocess.run([*words, tmp_path / "mine", "desk@127.0.0.1:/tmp/trakdesk-mine"], capture_output=True)
        assert fetched.returncode != 0
        assert stored.returncode != 0
        assert not (tmp_path / "theirs").exists()
        assert not Path("/tmp/trakdesk-mine").exists()


def test_su_opens_the_desk_for_local_users_and_no_other_shell(served: Machine) -> None:
    words = ("setpriv", "--reuid", "nobody", "--clear-groups", "su", "--shell", "/bin/sh", "desk", "-c", "id")
    done = served.run(*words, code=None)
    assert "uid=" not in done.stdout
    assert "needs a terminal" in done.stderr


def test_in_the_home_of_the_account_nothing_can_be_left(served: Machine) -> None:
    words = ("setpriv", "--reuid", "desk", "--clear-groups", "touch", "/usr/lib/trakdesk/empty/.pam_environment")
    assert "Permission denied" in served.run(*words, code=None).stderr


@pytest.fixture(scope="module")
def worst(founded: Machine) -> Machine:
    """A machine on which everything that the rules forbid is allowed to everybody."""
    lines = ["HostKey /etc/ssh/ssh_host_ed25519_key", "AuthorizedPrincipalsCommandUser nobody"]
    lines += [f"{rule.keyword} {rule.worst}" for rule in (*rules(LAYOUT), *general_rules(LAYOUT))]
    founded.write("/etc/ssh/worst", "\n".join([*lines, ""]))
    return founded


def judged(machine: Machine, layout: Layout, left_out: Rule | None = None) -> list[Finding]:
    """What the check says of that machine with our lines about the account, but for one."""
    lines = [f"Match User {layout.account}"]
    lines += [f"{rule.keyword} {rule.value}" for rule in rules(layout) if rule != left_out]
    general = [f"{rule.keyword} {rule.value}" for rule in general_rules(layout) if rule != left_out]
    machine.write("/etc/ssh/tried", "\n".join([*general, "Include /etc/ssh/worst", *lines, ""]))
    done = machine.run(SSHD, "-T", "-f", "/etc/ssh/tried", "-C", "user=desk,host=x,addr=127.0.0.1")
    return effective.judge(layout, Path("/etc/ssh/tried"), effective.read(done.stdout))


@pytest.mark.parametrize("door", Door)
def test_our_lines_hold_whatever_the_machine_allows_to_others(worst: Machine, door: Door) -> None:
    [finding] = judged(worst, replace(LAYOUT, door=door))
    assert finding.well


@pytest.mark.parametrize("rule", [*rules(LAYOUT), *general_rules(LAYOUT)], ids=id_of)
def test_the_check_names_a_line_that_is_missing(worst: Machine, rule: Rule) -> None:
    [finding] = judged(worst, LAYOUT, rule)
    assert not finding.well
    assert f"{rule.keyword} is " in finding.words
    assert rule.keyword in finding.remedy


@pytest.fixture(scope="module")
def broken(served: Machine) -> Iterator[Client]:
    """Another server, on which the account `soft` has a shell, and `desk` the launcher and every kind of forwarding."""
    served.run("useradd", "--system", "--shell", "/bin/sh", "soft", code=None)
    served.run("passwd", "--delete", "soft")
    port = free_port()
    served.write(
        "/etc/ssh/broken",
        f"""Port {port}
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile none
UsePAM yes
AcceptEnv *
X11Forwarding yes
PermitEmptyPasswords yes
PasswordAuthentication no
AuthenticationMethods keyboard-interactive:pam
Subsystem sftp internal-sftp
Match User desk
ForceCommand {LAYOUT.launcher}
""",
    )
    served.serve("/etc/ssh/broken", port)
    yield Client("127.0.0.1", port, "desk")


FORWARDING = [probe for probe in QUICK if probe.__name__.startswith("forward")]
RUNNING = [probe for probe in QUICK if probe not in FORWARDING]


@pytest.mark.slow
@pytest.mark.parametrize("probe", FORWARDING, ids=id_of)
def test_the_check_finds_forwarding(broken: Client, probe: Probe) -> None:
    assert not probe(broken).well


@pytest.mark.slow
@pytest.mark.parametrize("probe", [probes.reach, *RUNNING], ids=id_of)
def test_the_check_finds_a_shell(broken: Client, probe: Probe) -> None:
    finding = probe(replace(broken, account="soft"))
    assert not finding.well
    assert "nobody gets in" not in finding.words


@pytest.mark.slow
def test_the_check_finds_connections_that_stay(broken: Client) -> None:
    assert not probes.idle_connection(broken).well


def inside(machine: Machine, port: int) -> list[str]:
    """What the probes that need the account's home say, run on that machine; those that are not well."""
    script = (
        "from pathlib import Path; from tui.ssh import probes; from tui.ssh.client import Client;"
        f"client = Client('127.0.0.1', {port}, 'desk'); home = Path({str(HOME)!r});"
        "found = [probes.forward_socket(client, home), *probes.environment(client, home)];"
        "print(*[f'{one.part}: {one.words}' for one in found if not one.well], sep='\\n')"
    )
    return machine.run(sys.executable, "-c", script).stdout.split("\n")[:-1]


def test_no_variable_no_agent_no_window_and_no_socket_gets_through(served: Machine) -> None:
    assert inside(served, served.port) == [""]


@pytest.mark.slow
def test_the_check_finds_variables_agents_windows_and_sockets(served: Machine, broken: Client) -> None:
    found = "\n".join(inside(served, broken.port))
    assert "-L to a socket" in found
    for name in (*probes.HOSTILE, "SSH_AUTH_SOCK", "DISPLAY"):
        assert name in found
    # The launcher passes none of them on, even then.
    assert "launcher" not in found
