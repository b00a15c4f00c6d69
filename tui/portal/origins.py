"""From which pages a browser may open a session: the portal's own, and no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.settings import Settings

_USUAL = {"http": 80, "https": 443}
_ON_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Origins:
    """The address of the portal for people, and what browsers say of where a page of it came from.

    Attributes:
        own: the address, without a slash at its end.
        allowed: scheme, host and port of each origin that may open a session.
    """

    own: str
    allowed: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings) -> Origins:
        """Those of the public address; while none is set, those of this machine."""
        if settings.portal_address:
            return cls(settings.portal_address, (_origin(settings.portal_address),))
        here = tuple(_origin(f"http://{host}:{settings.portal.port}") for host in _ON_THIS_MACHINE)
        return cls(here[0], here)

    @property
    def is_secure(self) -> bool:
        """Whether people reach the portal over TLS only."""
        return self.own.startswith("https://")

    @property
    def sockets(self) -> tuple[str, ...]:
        """The same as the origins of web sockets."""
        return tuple("ws" + origin.removeprefix("http") for origin in self.allowed)

    def has(self, told: Sequence[str]) -> bool:
        """Whether a browser that says this of the page may go on; none, or several, is no."""
        return len(told) == 1 and told[0].lower() in self.allowed


def _origin(url: str) -> str:
    parts = urlsplit(url.lower())
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, _USUAL[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
