"""The portal as the doctor finds it: a small real server stands for it, good and bad."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.doctor import portal
from services.doctor.finding import Finding, State
from services.settings import PortalSettings, Settings
from tests.services.certificates import Certificate, make_certificates
from tests.services.doctor.answering import House, serving

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Certificate]:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def examined(url: str, *, now: datetime = NOW, **changed: object) -> dict[str, Finding]:
    settings = Settings(Path("/nowhere"), "sqlite:///x", url, portal=PortalSettings(**changed))  # type: ignore[arg-type]
    return {finding.part: finding for finding in portal.examine(settings, now)}


def over_tls(
    certificates: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch, kind: str = "lasting", **options: object
) -> dict[str, Finding]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates[kind].authority))
    with serving(House(below="/desk"), certificates[kind]) as house:
        url = f"https://localhost:{house.port}/desk"
        return examined(url, **({"port": house.port} | options))  # type: ignore[arg-type]


def test_an_address_that_is_not_set_is_told() -> None:
    [found] = examined("https://trakdesk.invalid").values()
    assert (found.state, "public_url" in found.remedy) == (State.BAD, True)


def test_a_portal_that_does_not_run_is_told(free_port: int) -> None:
    [found] = examined(f"http://127.0.0.1:{free_port}", port=free_port).values()
    assert (found.state, found.well) == (State.BAD, False)
    assert "docs/portal.md" in found.remedy


def test_one_that_runs_and_is_not_reached_is_told(free_port: int) -> None:
    with serving(House()) as house:
        found = examined(f"http://127.0.0.1:{free_port}", port=house.port)["portal"]
    assert (found.state, "does not lead to it" in found.words) == (State.BAD, True)


def test_a_portal_behind_tls_and_a_path_is_well(
    certificates: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = over_tls(certificates, monkeypatch, proxies=("127.0.0.1/32",))
    assert {part: finding.state for part, finding in found.items()} == dict.fromkeys(
        ("portal", "portal is ready", "portal page", "portal host", "portal proxies"), State.WELL
    )
    assert "holds until" in found["portal"].words


def test_a_certificate_that_ends_soon_is_told(
    certificates: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert over_tls(certificates, monkeypatch, now=NOW + timedelta(days=80))["portal"].state is State.HINT


@pytest.mark.parametrize("kind", ["expired", "elsewhere", "self-signed"])
def test_a_certificate_that_proves_nothing_is_told(
    certificates: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    found = over_tls(certificates, monkeypatch, kind)["portal"]
    assert (found.state, "not trusted" in found.words) == (State.BAD, True)


def test_something_else_at_the_address_is_told() -> None:
    with serving(House(answers={"/healthz": (200, "<html>welcome to nginx")})) as house:
        found = examined(f"http://127.0.0.1:{house.port}", port=house.port)["portal"]
    assert (found.state, "something else" in found.words) == (State.BAD, True)


def test_a_portal_that_cannot_serve_anybody_is_told() -> None:
    house = House()
    house.answers["/readyz"] = (503, "not ready\n")
    with serving(house):
        found = examined(f"http://127.0.0.1:{house.port}", port=house.port)
    assert found["portal is ready"].state is State.BAD
    assert found["portal page"].state is State.WELL


def test_headers_that_a_proxy_takes_away_are_named() -> None:
    with serving(House(headers={"X-Content-Type-Options": "nosniff"})) as house:
        found = examined(f"http://127.0.0.1:{house.port}", port=house.port)["portal page"]
    assert (found.state, found.words.endswith("Content-Security-Policy, Referrer-Policy")) == (State.BAD, True)


def test_an_address_without_encryption_is_told_but_on_this_machine(free_port: int) -> None:
    settings = Settings(
        Path("/nowhere"), "sqlite:///x", "http://desk.invalid.example", portal=PortalSettings(port=free_port)
    )
    first = next(portal.examine(settings, NOW))
    assert (first.state, "not encrypted" in first.words) == (State.BAD, True)


@pytest.mark.parametrize("proxies", [("0.0.0.0/0",), ("::/0",), ("10.0.0.1/32", "0.0.0.0/1")])
def test_half_the_world_is_no_proxy(
    certificates: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch, proxies: tuple[str, ...]
) -> None:
    found = over_tls(certificates, monkeypatch, proxies=proxies)["portal proxies"]
    assert (found.state, proxies[-1] in found.words) == (State.BAD, True)


def test_behind_a_proxy_that_nobody_believes_all_visitors_are_one(
    certificates: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = over_tls(certificates, monkeypatch)["portal proxies"]
    assert (found.state, "one address" in found.words) == (State.BAD, True)


def test_a_portal_that_listens_to_everybody_in_clear_is_told(
    certificates: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = over_tls(certificates, monkeypatch, host="0.0.0.0")["portal host"]  # noqa: S104
    assert (found.state, "127.0.0.1" in found.remedy) == (State.BAD, True)


def test_an_address_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        found = examined(f"http://127.0.0.1:{port}", port=port)["portal"]
    assert (found.state, "no answer in time" in found.words) == (State.BAD, True)
