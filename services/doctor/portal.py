"""The portal: its address as people reach it, what answers there, and whom it believes about addresses."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from services.doctor.finding import Finding, bad, good, hint
from services.doctor.patience import MOST, PATIENCE, NoAnswer, within
from services.settings import PortalSettings, Settings
from services.text import safe

SOON = timedelta(days=14)
"""As of the mail server: who renews by themselves do it at 30 days."""

WIDEST = {4: 8, 6: 16}
"""A network of proxies that is wider than this is half the world, by the version of the protocol."""

HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""What every answer of ours carries, by a part of what it says."""

_MOST_OCTETS = 65_536
_START = "Start it: docs/portal.md."
_PROXY = "Correct the proxy in front of the portal: docs/portal.md has its configuration."


@dataclass(frozen=True, slots=True)
class Answer:
    """What came from an address.

    Attributes:
        ends: until when the certificate holds; None without one.
    """

    status: int
    headers: Mapping[str, str]
    body: str
    ends: datetime | None


def examine(settings: Settings, now: datetime) -> Iterator[Finding]:
    """All that can be seen of it from this machine, at `now`."""
    url = urlsplit(settings.public_url)
    if not settings.portal_address:
        words = "its address is not set, so that links in mails lead nowhere"
        yield bad("portal", words, "Set public_url in trakdesk.toml.")
        return
    if url.scheme != "https" and not _is_loopback(url.hostname or ""):
        words = f"{settings.public_url} is not encrypted, and links carry secrets"
        yield bad("portal", words, "Set public_url to an https address, with a proxy that speaks TLS.")
    runs = _listens(settings.portal)
    yield from _page(settings.public_url, url, now, runs)
    if runs:
        yield from _doors(settings.portal, url)


def _page(address: str, url: SplitResult, now: datetime, runs: bool) -> Iterator[Finding]:
    try:
        health = within(MOST, lambda: ask(url, "/healthz"))
    except ssl.SSLCertVerificationError as error:
        trouble = f"the certificate of {address} is not trusted: {safe(error.verify_message)}"
        yield bad("portal", trouble, "Renew it, or correct the name in public_url.")
        return
    except (OSError, http.client.HTTPException, NoAnswer, UnicodeError) as error:
        if not runs:
            words = f"nobody answers at {address}: the codes in mails work, their links do not"
            yield bad("portal", words, _START)
            return
        yield bad("portal", f"it runs here, but {address} does not lead to it: {_words(error)}", _PROXY)
        return
    if (health.status, health.body) != (200, "ok\n"):
        words = f"{address}/healthz is answered by something else, with status {health.status}"
        yield bad("portal", words, _PROXY if runs else _START)
        return
    yield _certificate(address, health, now)
    yield from _behind(url)


def _certificate(address: str, answer: Answer, now: datetime) -> Finding:
    if answer.ends is None:
        return good("portal", f"{address} answers")
    words = f"{address} answers; its certificate holds until {answer.ends:%Y-%m-%d}"
    return hint("portal", words, "See that it is renewed.") if answer.ends - now < SOON else good("portal", words)


def _behind(url: SplitResult) -> Iterator[Finding]:
    """Whether it could serve somebody now, and how its page arrives."""
    try:
        ready, page = within(MOST, lambda: (ask(url, "/readyz"), ask(url, "/")))
    except (OSError, http.client.HTTPException, NoAnswer) as error:
        yield bad("portal", f"it answers, and then does not: {_words(error)}", _PROXY)
        return
    if ready.status != 200:
        remedy = "See the log of `trakdesk portal`, and the findings about the database."
        yield bad("portal is ready", "it answers, and cannot serve anybody now", remedy)
    else:
        yield good("portal is ready", "a page would be served")
    needed = HEADERS | ({"Strict-Transport-Security": "max-age="} if url.scheme == "https" else {})
    lacking = [name for name, part in needed.items() if part not in page.headers.get(name.lower(), "")]
    if page.status != 200:
        yield bad("portal page", f"it is answered with status {page.status}", _PROXY)
    elif lacking:
        yield bad("portal page", f"these headers do not arrive as they were sent: {', '.join(lacking)}", _PROXY)
    else:
        yield good("portal page", "arrives with its security headers")


def _doors(portal: PortalSettings, url: SplitResult) -> Iterator[Finding]:
    """Where it listens, and whose word about the addresses of people it takes."""
    if not _is_loopback(portal.host):
        words = f"the portal listens at {portal.host}, in clear, beside its proxy"
        yield bad("portal host", words, "Set portal.host to 127.0.0.1, or close the port to all but the proxy.")
    else:
        yield good("portal host", f"{portal.host}:{portal.port}, for this machine alone")
    wide = [name for name in portal.proxies if (net := ipaddress.ip_network(name)).prefixlen < WIDEST[net.version]]
    if wide:
        words = f"anybody in {', '.join(wide)} may say whose address a visit comes from"
        yield bad("portal proxies", words, "Name only the addresses of your own proxies in portal.proxies.")
    elif not portal.proxies and url.scheme == "https":
        words = "no proxy is believed, so that all visitors seem to come from one address, and share its limits"
        yield bad("portal proxies", words, 'Set portal.proxies to the address of your proxy, such as ["127.0.0.1"].')
    elif portal.proxies:
        yield good("portal proxies", f"believed about addresses: {', '.join(portal.proxies)}")


def ask(url: SplitResult, path: str) -> Answer:
    """What stands below the portal's address. Raises OSError or HTTPException."""
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    line = kind(url.hostname or "", url.port, timeout=PATIENCE)
    try:
        line.request("GET", f"{url.path.rstrip('/')}{path}", headers={"User-Agent": "trakdesk doctor"})
        told = line.sock.getpeercert() if isinstance(line.sock, ssl.SSLSocket) else None
        answer = line.getresponse()
        body = answer.read(_MOST_OCTETS).decode("utf-8", "replace")
    finally:
        line.close()
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC) if told else None
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body, ends)


def _listens(portal: PortalSettings) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(portal.host, portal.host)  # noqa: S104 - where it would listen
    try:
        socket.create_connection((host, portal.port), timeout=PATIENCE).close()
    except OSError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _words(error: Exception) -> str:
    if isinstance(error, NoAnswer | TimeoutError):
        return "no answer in time"
    return safe(getattr(error, "strerror", None) or str(error) or type(error).__name__)[:200]
