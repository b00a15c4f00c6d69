"""The key file: made once, read only when nobody else can read it, and silent about what it holds."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from services.keys import Keys, KeysUnusable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keys"


def refusal(path: Path) -> str:
    with pytest.raises(KeysUnusable) as caught:
        Keys.load(path)
    return caught.value.sentence


def test_what_is_created_is_what_is_loaded(path: Path) -> None:
    made, read = Keys.create(path), Keys.load(path)
    for name in ("peppers", "current", "ciphers", "current_cipher", "mail", "lookup", "audit"):
        assert getattr(made, name) == getattr(read, name)


def test_the_file_and_its_new_folder_belong_to_the_owner_alone(path: Path) -> None:
    Keys.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_wide_umask_does_not_widen_the_file(path: Path) -> None:
    before = os.umask(0)
    try:
        Keys.create(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_file_says_what_it_is(path: Path) -> None:
    Keys.create(path)
    assert path.read_text().startswith("# Trakdesk key file. Secret:")


def test_an_existing_file_is_never_overwritten(path: Path) -> None:
    Keys.create(path)
    before = path.read_bytes()
    with pytest.raises(KeysUnusable, match="already a key file"):
        Keys.create(path)
    assert path.read_bytes() == before


def test_of_many_at_once_exactly_one_makes_the_file(path: Path) -> None:
    outcomes: list[str] = []

    def make() -> None:
        try:
            outcomes.append(Keys.create(path).check_value())
        except KeysUnusable:
            outcomes.append("refused")

    threads = [Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("refused") == 7
    assert Keys.load(path).check_value() in outcomes


def test_no_draft_is_left_behind(path: Path) -> None:
    Keys.create(path)
    with pytest.raises(KeysUnusable):
        Keys.create(path)
    assert [found.name for found in path.parent.iterdir()] == ["keys"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(KeysUnusable, match="cannot be written"):
        Keys.create(tmp_path / "home" / "inner" / "keys")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_a_file_that_others_can_reach_is_refused_with_the_remedy(path: Path, mode: int) -> None:
    Keys.create(path)
    path.chmod(mode)
    assert f"chmod 600 {path}" in refusal(path)


def test_a_read_only_file_is_fine(path: Path) -> None:
    Keys.create(path)
    path.chmod(0o400)
    assert Keys.load(path).current == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_root_s_business_only(path: Path) -> None:
    Keys.create(path)
    os.chown(path, 12345, 12345)
    assert f"chown root {path}" in refusal(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_root_is_told_to_run_as_the_owner_of_the_home_instead_of_taking_the_file_away(path: Path) -> None:
    Keys.create(path)
    for owned in (path, path.parent):
        os.chown(owned, 12345, 12345)
    assert "runuser -u 12345 --" in refusal(path)
    assert "chown" not in refusal(path)
    assert Keys.load(path, looking=True).current == "1"
    os.chown(path, 54321, 54321)
    assert f"chown 12345 {path}" in refusal(path)


def test_a_missing_file_names_both_ways_out(path: Path) -> None:
    sentence = refusal(path)
    assert "missing" in sentence
    assert "backups" in sentence
    assert "trakdesk init" in sentence


def test_a_folder_or_a_pipe_in_its_place_is_refused_at_once(path: Path) -> None:
    path.mkdir(parents=True)
    assert "is no file" in refusal(path)
    path.rmdir()
    os.mkfifo(path, 0o600)
    assert "is no file" in refusal(path)


def spoil(text: str, how: str) -> str:
    secret = re.search(r'mail = "([0-9a-f]+)"', text)
    assert secret is not None
    return {
        "empty": "",
        "half": text[: len(text) // 2],
        "another version": text.replace("version = 1", "version = 2"),
        "short key": text.replace(secret[1], secret[1][:-2]),
        "no hex": text.replace(secret[1], "z" * 64),
        "a key is missing": text.replace("mail = ", "male = "),
        "unknown current cipher": text.replace('current_cipher = "1"', 'current_cipher = "2"'),
        "unknown current pepper": text.replace('current_pepper = "1"', 'current_pepper = "2"'),
        "pepper id that would break a verifier": text.replace('"1"', '"a$b"').replace("\n1 =", '\n"a$b" ='),
        "peppers of a wrong shape": text.split("[peppers]")[0].replace("mail", 'peppers = "x"\nmail'),
        "no text": "\x80" * 10,
        "endless": text + "# " + "x" * 100_000,
    }[how]


@pytest.mark.parametrize(
    "how",
    [
        "empty",
        "half",
        "another version",
        "short key",
        "no hex",
        "a key is missing",
        "unknown current cipher",
        "unknown current pepper",
        "pepper id that would break a verifier",
        "peppers of a wrong shape",
        "no text",
        "endless",
    ],
)
def test_a_damaged_file_is_refused_without_quoting_it(path: Path, how: str) -> None:
    keys = Keys.create(path)
    path.write_bytes(spoil(path.read_text(), how).encode("latin-1"))
    sentence = refusal(path)
    assert "damaged" in sentence
    assert keys.mail.hex()[:8] not in sentence


def test_the_check_value_tells_key_files_apart(path: Path, tmp_path: Path) -> None:
    one, other = Keys.create(path), Keys.create(tmp_path / "other" / "keys")
    assert re.fullmatch("[0-9a-f]{16}", one.check_value())
    assert one.check_value() == Keys.load(path).check_value() != other.check_value()


def test_a_new_pepper_or_cipher_leaves_the_check_value_alone() -> None:
    keys = Keys.generate()
    grown = replace(keys, peppers={**keys.peppers, "2": b"p" * 32}, current="2")
    grown = replace(grown, ciphers={**keys.ciphers, "2": b"c" * 32}, current_cipher="2")
    assert grown.check_value() == keys.check_value()


@pytest.mark.parametrize("name", ["mail", "lookup", "audit"])
def test_any_other_changed_key_changes_the_check_value(name: str) -> None:
    keys = Keys.generate()
    assert replace(keys, **{name: bytes(32)}).check_value() != keys.check_value()


def test_nothing_shows_a_secret() -> None:
    keys = Keys.generate()
    assert repr(keys) == str(keys) == "Keys(ids=['1'], ciphers=['1'])"
