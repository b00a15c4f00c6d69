"""Where a request comes from: the peer's address, or what a proxy that is believed says of it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_MOST_HOPS = 20
_FORWARDED_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*("?)([^";,]*)\1\s*(?=;|$)', re.IGNORECASE)


class Proxies:
    """Those whose word about the client's address is believed."""

    def __init__(self, networks: Iterable[str]) -> None:
        """`networks` are addresses or networks, as in the settings."""
        self._networks: tuple[Network, ...] = tuple(ipaddress.ip_network(network) for network in networks)

    def __bool__(self) -> bool:
        return bool(self._networks)

    def has(self, address: Address | None) -> bool:
        """Whether this is one of them."""
        return address is not None and any(
            address.version == network.version and address in network for network in self._networks
        )

    def client(self, peer: str, forwarded_for: Sequence[str] = (), forwarded: Sequence[str] = ()) -> str:
        """The address of the client, in its short form; empty where there is none.

        The hops are read from the right: the first that is no proxy of ours is the client. What stands left of it
        anybody may have written. An unreadable hop ends the reading, and the last proxy then stands for the client.

        Args:
            peer: who is at the other end of the connection.
            forwarded_for: the lines of `X-Forwarded-For`, which counts before `Forwarded`.
            forwarded: the lines of `Forwarded` (RFC 7239).
        """
        here = read_address(peer)
        hops = _hops(forwarded_for) or [_for_of(hop) for hop in _hops(forwarded)]
        for hop in reversed(hops[-_MOST_HOPS:]):
            if not self.has(here):
                break
            told = read_address(hop)
            if told is None:
                break
            here = told
        return str(here) if here is not None else ""


def read_address(text: str) -> Address | None:
    """An address, perhaps with a port, in brackets or with a zone; None for anything else.

    An IPv4 address in the clothes of IPv6 is the IPv4 address.
    """
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_loopback(host: str) -> bool:
    """Whether whoever listens there is reached from this machine only."""
    address = read_address(host)
    return host == "localhost" if address is None else address.is_loopback


def counted_as(address: str) -> str:
    """What the limits count: one subscriber has a whole /64 of IPv6."""
    read = read_address(address)
    if isinstance(read, IPv6Address):
        return str(ipaddress.ip_network((read, 64), strict=False))
    return str(read or "")


def _hops(lines: Sequence[str]) -> list[str]:
    return [hop.strip() for line in lines for hop in line.split(",") if hop.strip()]


def _for_of(hop: str) -> str:
    found = _FORWARDED_FOR.search(hop)
    return found[2] if found else ""
