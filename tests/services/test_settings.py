"""Settings come from the file, then from the environment, and say where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.settings import MailSecurity, SettingsUnusable, load_settings


def told(home: Path, text: str = "", **environment: str) -> object:
    (home / "trakdesk.toml").write_text(text)
    return load_settings(home, environment)


def test_without_anything_the_database_is_a_file_in_the_home_folder(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings.database_url == f"sqlite:///{tmp_path}/trakdesk.sqlite3"
    assert settings.mail.host == ""


def test_the_home_folder_comes_from_the_environment_or_the_users_data_folder(tmp_path: Path) -> None:
    assert load_settings(None, {"TRAKDESK_HOME": str(tmp_path / "a")}).home == tmp_path / "a"
    assert load_settings(None, {"XDG_DATA_HOME": str(tmp_path)}).home == tmp_path / "trakdesk"
    assert load_settings(None, {"HOME": str(tmp_path)}).home == tmp_path / ".local" / "share" / "trakdesk"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "trakdesk.toml").write_text('public_url = "https://a.example/"\n[mail]\nhost = "one"\nport = 25\n')
    settings = load_settings(tmp_path, {"TRAKDESK_MAIL_HOST": "two"})
    assert (settings.mail.host, settings.mail.port, settings.public_url) == ("two", 25, "https://a.example")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("nonsense", "trakdesk.toml"),
        ("[mail]\nhots = 'x'", "mail.hots"),
        ("[mail]\nport = 'many'", "mail.port"),
        ("[mail]\nsecurity = 'maybe'", "mail.security"),
        ("public_url = 'ftp://x'", "public_url"),
        ("[mail]\nfrom_address = 'the desk'", "mail.from_address"),
        ("[mail]\nhost = 'mail.example'\nsecurity = 'none'", "starttls"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsUnusable, match=named.replace(".", r"\.")):
        told(tmp_path, text)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://x.example", "it must start with https://"),
        ("https://x.example/?a=b", "it must end with its path"),
        ("https://x.example/?", "it must end with its path"),
        ("https://x.example/#activate", "it must end with its path"),
        ("https://sue@x.example/", "it must not hold a user"),
        ("https://sue:secret@x.example/", "it must not hold a user"),
        ("https:///desk", "it must name a host"),
        ("https://:8443", "it must name a host"),
        ("https://x.example:many", "it must name a host"),
        ("https://[x", "it must name a host"),
    ],
)
def test_an_address_to_which_no_link_can_be_joined_is_refused(tmp_path: Path, address: str, words: str) -> None:
    with pytest.raises(SettingsUnusable, match=words):
        load_settings(tmp_path, {"TRAKDESK_PUBLIC_URL": address})


@pytest.mark.parametrize("address", ["https://x.example/desk", "http://127.0.0.1:8377", "https://[::1]:8443/a/b"])
def test_an_address_with_port_and_path_is_fine(tmp_path: Path, address: str) -> None:
    assert load_settings(tmp_path, {"TRAKDESK_PUBLIC_URL": f"{address}/"}).public_url == address


def test_mail_without_protection_is_for_this_machine_only(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"TRAKDESK_MAIL_HOST": "127.0.0.1", "TRAKDESK_MAIL_SECURITY": "none"})
    assert settings.mail.security is MailSecurity.NONE
