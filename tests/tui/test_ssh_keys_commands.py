"""`trakdesk ssh keys` for scripts."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.services.ssh_keys.keying import a_key, print_of
from tests.tui.conftest import Run

RAY = "ray@example.com"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a key."""
    path = tmp_path / "id_ed25519.pub"
    path.write_text(a_key("ray@laptop") + "\n")
    return path


def test_a_key_is_bound_listed_and_revoked(run: Run, set_up: str, file: Path) -> None:
    fingerprint = print_of(file.read_text())
    code, out, err = run("ssh", "keys", "bind", RAY, file)
    assert (code, err) == (0, "")
    assert f"The key {fingerprint} is bound to the account of" in out
    assert f"{fingerprint}  {RAY}  last used never" in run("ssh", "keys", "list", RAY)[1]
    [listed] = json.loads(run("ssh", "keys", "list", "--json")[1])
    assert (listed["fingerprint"], listed["comment"], listed["revoked_at"]) == (fingerprint, "ray@laptop", None)
    assert run("ssh", "keys", "revoke", fingerprint)[0] == 0
    assert json.loads(run("ssh", "keys", "list", "--json")[1])[0]["revoked_at"]
    code, _, err = run("ssh", "keys", "revoke", fingerprint)
    assert (code, "revoked in the meantime" in err) == (2, True)


def test_a_key_may_come_from_the_input(run: Run, set_up: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    assert run("ssh", "keys", "bind", RAY, "-")[0] == 0


@pytest.mark.parametrize(
    ("email", "text", "told"),
    [
        ("nobody@example.com", a_key(), "Nobody here has the address"),
        (RAY, "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", "This is a private key"),
        (RAY, None, "cannot be read: No such file or directory"),
        (RAY, "\0" * 70_000, "Paste the one line"),
    ],
    ids=["nobody", "private", "no file", "rubbish"],
)
def test_what_cannot_be_done_is_told(
    run: Run, set_up: str, file: Path, email: str, text: str | None, told: str
) -> None:
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    code, _, err = run("ssh", "keys", "bind", email, file)
    assert (code, told in err) == (2, True), err
    assert run("ssh", "keys", "list")[1].startswith("No SSH key is bound.")
