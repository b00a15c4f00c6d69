"""What an administrator sets outside the database: one frozen value from a TOML file and `TRAKDESK_*` variables."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from services.colours import NAMES
from services.errors import DeskError


class SettingsUnusable(DeskError):
    """The settings cannot be read; the sentence names the file and the line or the word."""


class MailSecurity(StrEnum):
    """How the line to the mail server is protected; `none` is taken for a server on this machine only."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server, if there is one.

    Attributes:
        host: empty keeps all mail in the built-in mailbox.
        password_file: a file of mode 0600 that holds the password, so that it stands in no setting.
        ca_file: a certificate authority of one's own.
        timeout: seconds for every step with the server.
    """

    host: str = ""
    port: int = 587
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    from_address: str = "desk@localhost"
    from_name: str = ""
    timeout: float = 15.0


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """The portal, as the server behind a proxy; its address for people is `Settings.public_url`.

    Attributes:
        host: where it listens.
        proxies: addresses or networks of proxies whose word about the client's address is believed.
        sessions: how many people it serves at the same time.
        sessions_per_address: how many of them from one address.
        idle_minutes: after so long without a key or a click a session ends, whoever is signed in.
    """

    host: str = "127.0.0.1"
    port: int = 8377
    proxies: tuple[str, ...] = ()
    sessions: int = 200
    sessions_per_address: int = 20
    idle_minutes: int = 15


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is set outside the database.

    Attributes:
        home: the folder of this desk: settings, keys, embedded database, remembered sign-in.
        database_url: where the data is.
        public_url: the address of the portal, which stands in mails; see `portal_address`.
        deliver_in_desk: whether an open desk also sends the mail.
        theme: the colours of whoever has chosen none, by their short name.
    """

    home: Path
    database_url: str
    public_url: str = "https://trakdesk.invalid"
    deliver_in_desk: bool = True
    theme: str = "dark"
    mail: MailSettings = MailSettings()
    portal: PortalSettings = PortalSettings()

    @property
    def portal_address(self) -> str:
        """Where people reach the portal; empty until somebody has said it."""
        host = urlsplit(self.public_url).hostname or ""
        return "" if not host or host == "invalid" or host.endswith(".invalid") else self.public_url

    @property
    def keys_path(self) -> Path:
        """The key file."""
        return self.home / "keys"

    @property
    def remembered_path(self) -> Path:
        """What the sign-in form remembers on this machine."""
        return self.home / "remembered.json"

    @property
    def log_path(self) -> Path:
        """Where faults are written, with a reference and without values."""
        return self.home / "trakdesk.log"


def load_settings(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read `trakdesk.toml` in the home folder, then the environment, which wins. Raises SettingsUnusable."""
    folder = home or Path(environment.get("TRAKDESK_HOME") or _default_home(environment))
    folder = folder.expanduser().absolute()
    told = _read_toml(folder / "trakdesk.toml")
    for key, variable in _VARIABLES.items():
        if environment.get(variable):
            told[key] = environment[variable]
    return _build(folder, told)


_VARIABLES = {
    "database_url": "TRAKDESK_DATABASE_URL",
    "public_url": "TRAKDESK_PUBLIC_URL",
    "deliver_in_desk": "TRAKDESK_DELIVER_IN_DESK",
    "theme": "TRAKDESK_THEME",
    "mail.host": "TRAKDESK_MAIL_HOST",
    "mail.port": "TRAKDESK_MAIL_PORT",
    "mail.security": "TRAKDESK_MAIL_SECURITY",
    "mail.user": "TRAKDESK_MAIL_USER",
    "mail.password_file": "TRAKDESK_MAIL_PASSWORD_FILE",
    "mail.ca_file": "TRAKDESK_MAIL_CA_FILE",
    "mail.from_address": "TRAKDESK_MAIL_FROM_ADDRESS",
    "mail.from_name": "TRAKDESK_MAIL_FROM_NAME",
    "mail.timeout": "TRAKDESK_MAIL_TIMEOUT",
    "portal.host": "TRAKDESK_PORTAL_HOST",
    "portal.port": "TRAKDESK_PORTAL_PORT",
    "portal.proxies": "TRAKDESK_PORTAL_PROXIES",
    "portal.sessions": "TRAKDESK_PORTAL_SESSIONS",
    "portal.sessions_per_address": "TRAKDESK_PORTAL_SESSIONS_PER_ADDRESS",
    "portal.idle_minutes": "TRAKDESK_PORTAL_IDLE_MINUTES",
}


_NUMBERS = {
    "port": (0, 65_535),
    "sessions": (1, 10_000),
    "sessions_per_address": (1, 10_000),
    "idle_minutes": (1, 720),
}
"""The smallest and the largest value of each."""


def _default_home(environment: Mapping[str, str]) -> str:
    data = environment.get("XDG_DATA_HOME") or str(Path(environment.get("HOME") or "~") / ".local" / "share")
    return str(Path(data) / "trakdesk")


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            read = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsUnusable(f"{path} cannot be read: {error}. Correct it, then start again.") from error
    flat: dict[str, Any] = {}
    for key, value in read.items():
        flat.update(
            {f"{key}.{name}": inner for name, inner in value.items()} if isinstance(value, dict) else {key: value}
        )
    for key in flat:
        if key not in _VARIABLES:
            raise SettingsUnusable(f"{path} holds {key!r}, which is no setting. Known ones: {', '.join(_VARIABLES)}.")
    return flat


def _build(home: Path, told: dict[str, Any]) -> Settings:
    sections: dict[str, Any] = {"mail": MailSettings(), "portal": PortalSettings()}
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'trakdesk.sqlite3'}")
    for key, value in told.items():
        try:
            part, dot, name = key.partition(".")
            if dot:
                sections[part] = replace(sections[part], **{name: _convert(name, value)})
            else:
                settings = replace(settings, **{part: _convert(part, value)})
        except ValueError as error:
            raise SettingsUnusable(f"The setting {key} is {value!r}: {error}. Correct it, then start again.") from error
    mail = sections["mail"]
    if mail.security is MailSecurity.NONE and mail.host and mail.host not in ("localhost", "127.0.0.1", "::1"):
        raise SettingsUnusable(
            f'mail.security is "none" but {mail.host} is another machine. '
            'Use "starttls" or "tls", so that no link travels in clear.'
        )
    return replace(settings, **sections)


def _convert(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        number = int(value)
        least, most = _NUMBERS[name]
        if not least <= number <= most:
            raise ValueError(f"it must be from {least} to {most}")
        return number
    if name == "proxies":
        told = value.replace(",", " ").split() if isinstance(value, str) else value
        return tuple(str(ipaddress.ip_network(proxy, strict=False)) for proxy in told)
    if name == "timeout":
        return float(value)
    if name == "security":
        return MailSecurity(value)
    if name == "deliver_in_desk":
        return str(value).lower() in ("1", "true", "yes", "on")
    if name == "theme" and value not in NAMES:
        raise ValueError(f"it must be one of {', '.join(NAMES)}")
    if name in ("password_file", "ca_file"):
        return Path(value).expanduser()
    if name == "from_address" and not re.fullmatch(r"[^@\s]+@[^@\s]+", str(value)):
        raise ValueError("it must be an e-mail address")
    return _public_url(str(value)) if name == "public_url" else str(value)


def _public_url(address: str) -> str:
    """Without a slash at its end: links begin with it, and put what they are for behind a #. Raises ValueError."""
    if not address.startswith(("https://", "http://")):
        raise ValueError("it must start with https://")
    if "?" in address or "#" in address:
        raise ValueError("it must end with its path, without ? and #, because links put theirs behind it")
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise ValueError("it must name a host, and a port only as a number, such as https://access.example.com/desk")
    if "@" in parts.netloc:
        raise ValueError("it must not hold a user or a password, because it stands in mails")
    return address.rstrip("/")
