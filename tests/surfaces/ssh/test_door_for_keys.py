"""A door that is open to keys only."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.surfaces.ssh.conftest import HOME, TRAKDESK, Machine, free_port
from tests.surfaces.term import Term
from tui import exits

pytestmark = pytest.mark.slow


def new_key(folder: Path, name: str) -> Path:
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


@pytest.fixture(scope="module")
def bound(served: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key that is bound to the administrator."""
    key = new_key(tmp_path_factory.mktemp("keys"), "bound")
    as_account = ("setpriv", "--reuid", "desk", "--regid", "desk", "--clear-groups")
    words = ("--home", str(HOME), "ssh", "keys", "bind", "sue@raystaging.example.com", "-")
    served.run(*as_account, TRAKDESK, *words, given=key.with_suffix(".pub").read_text())
    return key


def with_key(machine: Machine, key: Path, port: int) -> list[str]:
    return replace(machine.client(key), port=port).words()


@pytest.fixture
def keys_only(served: Machine) -> Iterator[int]:
    """The port of another server, whose door is open to keys only."""
    port = free_port()
    served.install("--door", "keys", code=None)
    config = served.read("/etc/ssh/trakdesk_sshd_config").replace(f"Port {served.port}", f"Port {port}")
    served.write("/etc/ssh/keys-only", config.replace("/run/trakdesk-sshd.pid", "none"))
    served.serve("/etc/ssh/keys-only", port)
    yield port
    served.install(code=None)


def test_a_door_for_keys_opens_to_bound_ones_and_the_check_proves_it(
    served: Machine, bound: Path, keys_only: int, tmp_path: Path
) -> None:
    with Term(with_key(served, bound, keys_only), 80, 24) as term:
        term.expect("Anna00", 40)
    without = replace(served.client(), port=keys_only)
    for words in (with_key(served, new_key(tmp_path, "other"), keys_only), without.words()):
        done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert done.returncode == 255
        assert "Permission denied (publickey)" in done.stderr
    asked = ("ssh", "check", "--port", str(keys_only), "--config", "/etc/ssh/keys-only")
    checked = served.trakdesk(*asked, "--identity", str(bound), code=None)
    assert checked.returncode == exits.DONE, checked.stdout
    assert "ok    without a key: nobody gets in" in checked.stdout
    assert "the rest: not tried" in served.trakdesk(*asked).stdout
