"""The portal's own address, and what every answer carries for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from services.settings import PortalSettings, Settings
from tui.portal.headers import security_headers
from tui.portal.origins import Origins

UNSET = Settings(home=Path("/nowhere"), database_url="sqlite:////nowhere", portal=PortalSettings(port=8377))


def at(url: str) -> Origins:
    return Origins.of(replace(UNSET, public_url=url))


@pytest.mark.parametrize(
    ("url", "told", "may"),
    [
        ("https://portal.example", "https://portal.example", True),
        ("https://Portal.Example/desk", "https://portal.example", True),
        ("https://portal.example:443", "https://portal.example", True),
        ("https://portal.example:8443", "https://portal.example:8443", True),
        ("https://portal.example", "http://portal.example", False),
        ("https://portal.example", "https://portal.example:8443", False),
        ("https://portal.example", "https://portal.example.evil.example", False),
        ("https://portal.example", "https://evil.example", False),
        ("https://portal.example", "null", False),
        ("https://portal.example", "", False),
        ("http://[::1]:8377", "http://[::1]:8377", True),
    ],
)
def test_only_the_portals_own_page_may_open_a_session(url: str, told: str, may: bool) -> None:
    assert at(url).has([told]) is may


def test_no_origin_and_several_are_no() -> None:
    own = "https://portal.example"
    assert not at(own).has([])
    assert not at(own).has([own, own])


def test_without_a_public_address_only_this_machine_may() -> None:
    assert not UNSET.portal_address
    here = Origins.of(UNSET)
    assert here.has(["http://127.0.0.1:8377"])
    assert here.has(["http://localhost:8377"])
    assert not here.has(["https://trakdesk.invalid"])
    assert not here.has(["http://127.0.0.1:8378"])


def test_the_policy_lets_in_nothing_from_elsewhere_and_nothing_inline() -> None:
    policy = security_headers(at("https://portal.example/desk"))["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert rules["connect-src"] == "'self' wss://portal.example"
    assert "unsafe" not in policy
    assert "*" not in policy


def test_browsers_are_told_to_come_back_over_tls_where_there_is_some() -> None:
    assert "Strict-Transport-Security" in security_headers(at("https://portal.example"))
    assert "Strict-Transport-Security" not in security_headers(at("http://127.0.0.1:8377"))
