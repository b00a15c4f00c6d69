"""`trakdesk portal`, before it serves."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.errors import Refused
from tui.commands import portal
from tui.parsers.everything import parser_of_all


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - refused
def test_without_a_proxy_it_does_not_listen_beyond_this_machine(home: Path, host: str) -> None:
    options = parser_of_all().parse_args(["--home", str(home), "portal", "--host", host])
    with pytest.raises(Refused, match=r"portal\.proxies"):
        portal._settings(options)


def test_with_a_proxy_it_may(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAKDESK_PORTAL_PROXIES", "192.0.2.7")
    options = parser_of_all().parse_args(["--home", str(home), "portal", "--host", "192.0.2.1", "--port", "9000"])
    settings = portal._settings(options).portal
    assert (settings.host, settings.port) == ("192.0.2.1", 9000)


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser_of_all().parse_args(["portal", "--port", port])
    assert "--port" in capsys.readouterr().err
