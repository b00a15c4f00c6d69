"""The key with which somebody came over SSH, read from what sshd wrote and from nothing that others could have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.services.ssh_keys.keying import a_key, print_of
from tui.ssh.peer_key import peer_key

KEY = a_key("")
LINE = f"publickey {KEY}"


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """The file, as sshd leaves it."""
    path = tmp_path / "sshauth.abc"
    path.write_text(f"{LINE}\n")
    path.chmod(0o600)
    return path


def found(path: Path | str, connection: str = "198.51.100.4 50000 203.0.113.7 22") -> str:
    return peer_key({"SSH_CONNECTION": connection, "SSH_USER_AUTH": str(path)})


def test_the_key_is_known_by_its_fingerprint(told: Path) -> None:
    assert found(told) == print_of(KEY)


@pytest.mark.parametrize(
    "text",
    ["", "password\n", "keyboard-interactive/pam\n", "publickey\n", "publickey ssh-ed25519\n", f" {LINE}\n", "\0" * 99],
    # The key is another one in each process.
    ids=["nothing", "password", "pam", "no key", "half a key", "not at the beginning", "no text"],
)
def test_whoever_came_without_a_key_has_none(told: Path, text: str) -> None:
    told.write_text(text)
    assert found(told) == ""


def test_what_else_was_asked_for_does_not_matter(told: Path) -> None:
    told.write_text(f"keyboard-interactive/pam\n{LINE}\n")
    assert found(told) == print_of(KEY)


def test_without_a_connection_nobody_came_over_ssh(told: Path) -> None:
    assert found(told, connection="") == ""
    assert peer_key({}) == ""


def test_a_file_that_others_could_have_written_says_nothing(told: Path, tmp_path: Path) -> None:
    for mode in (0o620, 0o602, 0o666):
        told.chmod(mode)
        assert found(told) == ""
    told.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(told)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    for path in (link, pipe, tmp_path, tmp_path / "none", told.name):
        assert found(path) == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to somebody else")
def test_a_file_of_somebody_else_says_nothing(told: Path) -> None:
    os.chown(told, 12_345, -1)
    assert found(told) == ""


def test_an_endless_file_is_not_read_to_its_end(told: Path) -> None:
    told.write_text(f"{LINE}\n" + "x" * 1_000_000)
    assert found(told) == print_of(KEY)
