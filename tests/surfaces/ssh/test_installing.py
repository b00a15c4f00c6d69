"""`trakdesk ssh install` on a machine, as root: what it makes, and what it leaves as it was."""

from __future__ import annotations

import pytest

from tests.surfaces.ssh.conftest import HOME, Machine
from tui import exits

pytestmark = pytest.mark.slow

OTHER = ("--account", "other", "--home", "/var/lib/other")


@pytest.fixture
def other(served: Machine) -> Machine:
    """A home for a second desk on the machine."""
    served.run("install", "-d", "-m", "700", "/var/lib/other")
    served.run("touch", "/var/lib/other/keys")
    return served


def installed(machine: Machine, *words: str) -> str:
    """What a run says that went well; without systemd something is left to be looked at."""
    done = machine.trakdesk("ssh", "install", *OTHER, *words, code=None)
    assert done.returncode == exits.NEEDS_A_LOOK, done.stderr
    return done.stdout


def refused(machine: Machine, *words: str) -> str:
    done = machine.trakdesk("ssh", "install", *words, code=None)
    assert done.returncode == exits.NOT_DONE, done.stdout
    return done.stderr


def test_the_door_can_be_changed_and_a_second_run_is_harmless(other: Machine) -> None:
    assert "done     passwd --delete other" in installed(other)
    assert other.run("getent", "shadow", "other").stdout.split(":")[1] == ""
    assert "is so    the account has an empty password" in installed(other)
    assert "done     usermod --password '*' other" in installed(other, "--door", "keys")
    assert other.run("getent", "shadow", "other").stdout.split(":")[1] == "*"
    assert "is so    no password opens the account" in installed(other, "--door", "keys")
    shell, home = other.run("getent", "passwd", "other").stdout.strip().split(":")[-1:-3:-1]
    assert (shell, home) == ("/usr/lib/trakdesk-other/desk", "/usr/lib/trakdesk-other/empty")
    assert other.run("stat", "-c", "%U %a", "/var/lib/other/keys").stdout == "other 644\n"


def test_what_sshd_does_not_accept_is_put_back(other: Machine) -> None:
    installed(other)
    drop_in = "/etc/ssh/sshd_config.d/trakdesk-other.conf"
    before = other.read(drop_in)
    other.run("cp", "/etc/ssh/sshd_config", "/etc/ssh/kept")
    other.run("sh", "-c", "echo Nonsense yes >> /etc/ssh/sshd_config")
    try:
        said = refused(other, *OTHER, "--sessions", "7", "--port", "2999")
        assert "Nonsense" in said
        assert "The files are as they were before." in said
        assert other.read(drop_in) == before
        assert other.run("test", "-e", "/etc/ssh/trakdesk-other_sshd_config", code=None).returncode == 1
    finally:
        other.run("mv", "/etc/ssh/kept", "/etc/ssh/sshd_config")


def test_a_port_in_use_and_accounts_and_homes_of_others_are_refused(served: Machine) -> None:
    port = str(served.port)
    assert "Another program listens" in refused(served, *OTHER, "--port", port)
    assert "does something else" in refused(served, "--account", "mail", "--home", str(HOME))
    assert "belongs to desk" in refused(served, "--account", "third", "--home", str(HOME))
    assert "There is no folder" in refused(served, "--home", "/var/lib/nowhere")
    assert served.run("getent", "passwd", "third", code=None).returncode != 0


def test_a_desk_that_nobody_has_set_up_opens_to_nobody(other: Machine) -> None:
    other.run("rm", "-f", "/var/lib/other/keys")
    installed(other)
    account = ("setpriv", "--reuid", "other", "--clear-groups")
    said = other.run(*account, "script", "-qec", "/usr/lib/trakdesk-other/desk", "/dev/null", code=None)
    assert "Nobody has set up this desk yet" in said.stdout


def test_the_check_names_what_was_changed_on_the_machine(served: Machine) -> None:
    spoilt = {
        "chmod 777 /usr/lib/trakdesk/desk": "/usr/lib/trakdesk/desk can be written by others than root",
        "echo /usr/lib/trakdesk/desk >> /etc/shells": "/etc/shells names the launcher",
        "usermod --password x desk": "the account has a password",
        "chmod 755 /var/lib/trakdesk": "/var/lib/trakdesk is open to others",
        "touch /usr/lib/trakdesk/empty/rc": "/usr/lib/trakdesk/empty is not empty",
        "echo '#' >> /etc/ssh/sshd_config.d/trakdesk.conf": "is not as it was installed",
    }
    mended = (
        "chmod 755 /usr/lib/trakdesk/desk; sed -i /trakdesk/d /etc/shells; passwd --delete desk;"
        "chmod 700 /var/lib/trakdesk; rm /usr/lib/trakdesk/empty/rc; sed -i '$d' /etc/ssh/sshd_config.d/trakdesk.conf"
    )
    try:
        served.run("sh", "-c", "; ".join(spoilt))
        done = served.trakdesk("ssh", "check", code=None)
    finally:
        served.run("sh", "-c", mended)
    assert done.returncode == exits.NEEDS_A_LOOK
    for words in spoilt.values():
        assert words in done.stdout
    assert "nobody gets in" in done.stdout
