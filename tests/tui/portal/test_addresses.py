"""Where a request comes from."""

from __future__ import annotations

import pytest

from tui.portal.addresses import Proxies, counted_as, is_loopback, read_address

PROXIES = Proxies(["127.0.0.1/32", "::1/128", "10.0.0.0/8"])


@pytest.mark.parametrize(
    ("peer", "told", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6", "198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        ("127.0.0.1", ["10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("127.0.0.1", ["[2001:db8::7]:4711"], "2001:db8::7"),
        ("127.0.0.1", ["2001:DB8:0:0::7"], "2001:db8::7"),
        ("127.0.0.1", ["fe80::1%eth0"], "fe80::1"),
        ("::ffff:127.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1, nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1, nonsense, 10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", ["unknown"], "127.0.0.1"),
        ("127.0.0.1", [", ".join(["198.51.100.1"] * 10_000)], "198.51.100.1"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_the_first_hop_from_the_right_that_is_no_proxy_is_the_client(peer: str, told: list[str], client: str) -> None:
    assert PROXIES.client(peer, told) == client


@pytest.mark.parametrize(
    ("told", "client"),
    [
        (["for=198.51.100.1"], "198.51.100.1"),
        (['for="[2001:db8::7]:4711";proto=https;by=10.0.0.1'], "2001:db8::7"),
        (["For=6.6.6.6, proto=https;for=198.51.100.1"], "198.51.100.1"),
        (["for=_hidden"], "127.0.0.1"),
        (["proto=https"], "127.0.0.1"),
    ],
)
def test_the_header_of_the_standard_is_read_where_the_usual_one_is_missing(told: list[str], client: str) -> None:
    assert PROXIES.client("127.0.0.1", [], told) == client


def test_without_proxies_nobody_is_believed() -> None:
    assert Proxies([]).client("127.0.0.1", ["198.51.100.1"], ["for=198.51.100.1"]) == "127.0.0.1"


def test_a_network_of_ipv6_counts_as_one() -> None:
    assert counted_as("2001:db8::7") == counted_as("2001:db8::ffff:1") == "2001:db8::/64"
    assert counted_as("198.51.100.1") == "198.51.100.1"
    assert counted_as("nonsense") == ""


@pytest.mark.parametrize("text", ["", "1.2.3", "1.2.3.4.5", "[", "a" * 9999, "1.2.3.4; DROP", "１.２.３.４", "[::1"])
def test_whatever_is_no_address_is_none(text: str) -> None:
    assert read_address(text) is None or text == "[::1"


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("10.0.0.1", False)],  # noqa: S104 - only read
)
def test_what_is_reached_from_this_machine_only(host: str, here: bool) -> None:
    assert is_loopback(host) is here
