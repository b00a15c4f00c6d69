"""`trakdesk ssh install` below a folder, and what it refuses."""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from services.errors import Refused
from tests.places import ROOT
from tui import exits
from tui.cli import main
from tui.parsers.everything import parser_of_all
from tui.ssh import effective, machine
from tui.ssh.files import OURS, files, unit
from tui.ssh.install import PRIVILEGE_SEPARATION, SSHD
from tui.ssh.layout import Door, Layout, read_layout
from tui.ssh.rules import rules

HOME = Path("/var/lib/trakdesk")


def install(tmp_path: Path, *words: str) -> int:
    return main(["ssh", "install", "--root", str(tmp_path), "--home", str(HOME), *words])


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mode & 0o777, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_file_is_written_with_its_rights_and_every_command_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install(tmp_path, "--port", "2222") == exits.DONE
    assert {path: mode for path, (mode, _) in tree(tmp_path).items()} == {
        "etc/ssh/sshd_config.d/trakdesk.conf": 0o644,
        "etc/ssh/trakdesk_sshd_config": 0o644,
        "etc/systemd/system/trakdesk-ssh.service": 0o644,
        "usr/lib/trakdesk/authorized-keys": 0o755,
        "usr/lib/trakdesk/desk": 0o755,
    }
    told = capsys.readouterr().out
    for command in ("useradd --system", "passwd --delete desk", "systemctl restart trakdesk-ssh.service"):
        assert f"to do    {command}" in told


def test_a_second_time_it_says_what_is_so_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path)
    before = tree(tmp_path)
    capsys.readouterr()
    assert install(tmp_path) == exits.DONE
    told = capsys.readouterr().out
    assert told.count("is so") == len(before) == 3
    assert tree(tmp_path) == before


def test_a_dry_run_shows_every_file_whole_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install(tmp_path, "--port", "2222", "--dry-run") == exits.DONE
    told = capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    for file in files(Layout(HOME, port=2222, root=tmp_path)):
        assert file.text in told
    assert "would do useradd" in told


def test_what_was_chosen_can_be_read_again_out_of_the_file(tmp_path: Path) -> None:
    install(tmp_path, "--port", "2222", "--account", "helpdesk", "--door", "keys", "--sessions", "7")
    text = (tmp_path / "etc/ssh/sshd_config.d/trakdesk-helpdesk.conf").read_text()
    layout = read_layout(text, Path("/python"))
    assert layout == Layout(HOME, "helpdesk", Door.KEYS, 2222, Path("/"), Path("/python"), 7, 30)
    assert read_layout("Match User desk\n", Path("/python")) is None
    assert read_layout("# installed with: --home\n", Path("/python")) is None


@pytest.mark.parametrize("door", Door)
def test_every_line_has_a_reason_and_stands_once(door: Door) -> None:
    listed = rules(Layout(HOME, door=door))
    names = [rule.keyword for rule in listed]
    assert len(names) == len(set(names))
    assert all(rule.danger and rule.worst != rule.value for rule in listed)


def test_a_door_for_keys_lets_nobody_in_without_one() -> None:
    told = {rule.keyword: rule.value for rule in rules(Layout(HOME, door=Door.KEYS))}
    assert told["AuthenticationMethods"] == "publickey"
    assert (told["PermitEmptyPasswords"], told["KbdInteractiveAuthentication"]) == ("no", "no")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--account", "root"], "no name for the account"),
        (["--account", "Desk User"], "no name for the account"),
        (["--home", "lib/trakdesk"], "by its whole path"),
        (["--home", "/var/lib/x y"], "letters, digits"),
        (["--home", "/var/lib/../x"], "letters, digits"),
        (["--home", "/x\nPermitRootLogin yes"], "letters, digits"),
        (["--root", "here"], "by its whole path"),
        (["--sessions", "0"], "At least one desk"),
    ],
)
def test_bad_words_are_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert install(tmp_path, *words) == exits.NOT_DONE
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("port", ["ssh", "0", "65536", "-1", "٢٢", "1.5"])
def test_a_port_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], port: str) -> None:
    with pytest.raises(SystemExit):
        parser_of_all().parse_args(["ssh", "install", f"--port={port}"])
    assert "it is a number from 1 to 65535" in capsys.readouterr().err


def test_a_file_of_somebody_else_is_left_alone_unless_forced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = tmp_path / "etc/ssh/sshd_config.d/trakdesk.conf"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("# theirs\n")
    assert install(tmp_path) == exits.NOT_DONE
    assert "is not ours" in capsys.readouterr().err
    assert list(tree(tmp_path)) == ["etc/ssh/sshd_config.d/trakdesk.conf"]
    assert install(tmp_path, "--force") == exits.DONE
    assert OURS in theirs.read_text()


def test_a_link_in_place_of_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = tmp_path / "etc/ssh/sshd_config.d/trakdesk.conf"
    theirs.parent.mkdir(parents=True)
    theirs.symlink_to(tmp_path / "shadow")
    assert install(tmp_path, "--force") == exits.NOT_DONE
    assert "is no file" in capsys.readouterr().err


def test_a_home_that_is_not_there_open_to_others_or_somebody_elses_is_refused(tmp_path: Path) -> None:
    def refused(home: Path) -> str:
        with pytest.raises(Refused) as refusal:
            machine._check_home(Layout(home, "nobody-of-this-name"))
        return refusal.value.sentence

    home = tmp_path / "home"
    assert "There is no folder" in refused(home)
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    assert f"chmod 700 {home}" in refused(home)
    home.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(home, 12_345, -1)
    assert "chown -R nobody-of-this-name:" in refused(home)


def test_an_account_of_a_person_is_never_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    person = pwd.struct_passwd(("ann", "x", 1000, 1000, "", "/home/ann", "/bin/bash"))
    service = pwd.struct_passwd(("mail", "x", 8, 8, "", "/var/mail", "/usr/sbin/nologin"))
    for account, force, said in ((person, True, "is somebody's"), (service, False, "does something else")):
        monkeypatch.setattr(machine, "account_of", lambda _, account=account: account)
        with pytest.raises(Refused, match=said):
            machine._check_account(Layout(HOME, account.pw_name), force=force)
    machine._check_account(Layout(HOME, "mail"), force=True)


def test_a_port_that_somebody_listens_on_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refused, match="Another program listens"):
            machine._check_port(taken.getsockname()[1])


def test_only_root_installs_for_real(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert main(["ssh", "install", "--home", str(HOME)]) == exits.NOT_DONE
    assert "Only root may install this" in capsys.readouterr().err


def test_the_unit_of_the_repository_is_the_one_that_is_written() -> None:
    layout = Layout(HOME, port=2222)
    assert (ROOT / "deploy" / "trakdesk-ssh.service").read_text() == unit(layout)


@pytest.mark.parametrize("door", Door)
@pytest.mark.skipif(not Path(SSHD).exists(), reason="the OpenSSH server is not installed")
@pytest.mark.skipif(os.geteuid() == 0 and not PRIVILEGE_SEPARATION.is_dir(), reason="sshd has never run here")
def test_sshd_reads_what_is_written(tmp_path: Path, door: Door) -> None:
    layout = Layout(HOME, port=2222, root=tmp_path, door=door)
    key = tmp_path / "key"
    subprocess.run([shutil.which("ssh-keygen") or "", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    install(tmp_path, "--port", "2222", "--door", door.value)
    drop_in = layout.on_disk(layout.drop_in)
    config = layout.on_disk(layout.server_config)
    text = config.read_text().replace(str(layout.drop_in), str(drop_in))
    config.write_text("\n".join(line for line in text.splitlines() if not line.startswith("HostKey /")))
    done = subprocess.run(
        [SSHD, "-T", "-f", config, "-h", key, "-C", "user=desk,host=x,addr=127.0.0.1"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = effective.read(done.stdout)
    assert [finding.words for finding in effective.judge(layout, config, told) if not finding.well] == []


def test_nobody_may_ask_for_a_step_that_there_is_not() -> None:
    with pytest.raises(SystemExit):
        parser_of_all().parse_args(["ssh"])
    assert isinstance(parser_of_all().parse_args(["ssh", "check"]), argparse.Namespace)
