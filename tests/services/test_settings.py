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


def test_mail_without_protection_is_for_this_machine_only(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"TRAKDESK_MAIL_HOST": "127.0.0.1", "TRAKDESK_MAIL_SECURITY": "none"})
    assert settings.mail.security is MailSecurity.NONE
