"""The configuration of nginx in deploy/, in a real nginx, over against a server that keeps what it was asked."""

from __future__ import annotations

import base64
import hashlib
import http.client
import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.certificates import make_certificates
from tests.surfaces.portal.nginx import Nginx
from tests.surfaces.portal.scripted import ScriptedPortal
from tui.portal.headers import security_headers
from tui.portal.origins import Origins

QUIET = security_headers(Origins("https://localhost/", ()))


@pytest.fixture(params=["/desk/", "/"], ids=["below-a-path", "alone"])
def nginx(request: pytest.FixtureRequest, scripted: ScriptedPortal, tmp_path: Path) -> Iterator[Nginx]:
    certificate = make_certificates(tmp_path)["good"]
    with Nginx(tmp_path / "nginx", scripted.port, certificate, request.param) as server:
        yield server


def ask(nginx: Nginx, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """One request over TLS, whose certificate is checked; `path` below that of the portal."""
    trust = ssl.create_default_context(cafile=str(nginx.authority))
    line = http.client.HTTPSConnection("localhost", nginx.port, context=trust, timeout=10)
    line.request(method, nginx.path + path, headers=headers)
    return line.getresponse()


def test_the_page_and_its_files_come_through_with_one_set_of_headers(nginx: Nginx) -> None:
    answer = ask(nginx, "")
    page = answer.read().decode()
    assert answer.status == 200
    assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
    assert len(answer.headers.get_all("Content-Security-Policy") or []) == 1
    assert "nginx/" not in str(answer.headers)
    [styles] = re.findall(r'"(static/portal\.css[^"]*)"', page)
    assert ask(nginx, styles).status == 200


def test_the_client_is_who_nginx_sees_whatever_the_client_says(nginx: Nginx, scripted: ScriptedPortal) -> None:
    told = {"X-Forwarded-For": "198.51.100.9", "Forwarded": "for=198.51.100.9", "Cookie": "a=b"}
    assert ask(nginx, "", **told).status == 200
    [request] = [seen for seen in scripted.requests if seen.startswith("GET / ")]
    assert "'X-Forwarded-For': '127.0.0.1'" in request
    assert "198.51.100.9" not in request
    assert "a=b" not in request


def test_the_log_holds_no_query(nginx: Nginx) -> None:
    ask(nginx, "?activate=a-secret-that-somebody-put-there")
    ask(nginx, "nowhere?activate=a-secret-that-somebody-put-there")
    # It is written a moment after the answer.
    until = time.monotonic() + 20
    while f"GET {nginx.path}nowhere" not in nginx.log:
        assert time.monotonic() < until, nginx.log
        time.sleep(0.05)
    assert f"GET {nginx.path} 200" in nginx.log
    assert "a-secret" not in nginx.log


def test_nothing_but_reading_is_let_through(nginx: Nginx, scripted: ScriptedPortal) -> None:
    assert ask(nginx, "", "POST").status == 403
    assert ask(nginx, "", "DELETE").status == 403
    assert scripted.requests == []


def test_without_tls_one_is_sent_to_the_right_address(nginx: Nginx) -> None:
    line = http.client.HTTPConnection("localhost", nginx.plain_port, timeout=10)
    line.request("GET", nginx.path)
    assert line.getresponse().headers["Location"] == nginx.url.rstrip("/") + "/"


def test_a_flood_from_one_address_is_stopped(nginx: Nginx) -> None:
    trust = ssl.create_default_context(cafile=str(nginx.authority))
    line = http.client.HTTPSConnection("localhost", nginx.port, context=trust, timeout=10)
    found = []
    for _ in range(200):
        line.request("GET", nginx.path)
        answer = line.getresponse()
        answer.read()
        found.append(answer.status)
    assert found[:40] == [200] * 40
    assert 429 in found


def test_an_office_that_opens_the_page_at_the_same_moment_gets_every_file(nginx: Nginx) -> None:
    trust = ssl.create_default_context(cafile=str(nginx.authority))
    line = http.client.HTTPSConnection("localhost", nginx.port, context=trust, timeout=10)
    files = re.findall(r'"(?:\./)?(static/[^"]+)"', ask(nginx, "").read().decode())
    assert len(files) > 15
    found = []
    for file in files * 12:
        line.request("GET", nginx.path + file)
        answer = line.getresponse()
        answer.read()
        found.append(answer.status)
    assert set(found) == {200}


def test_while_the_portal_is_away_a_sentence_says_so(nginx: Nginx, tmp_path: Path) -> None:
    with Nginx(tmp_path / "other", 1, make_certificates(tmp_path)["good"], nginx.path) as alone:
        answer = ask(alone, "")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    page = answer.read().decode()
    assert "The desk is being restarted." in page
    # As careful as the portal's own, for a script and a style of its own.
    for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"):
        assert answer.headers.get_all(name) == [QUIET[name]]
    [policy] = answer.headers.get_all("Content-Security-Policy") or []
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert directives == {
        "default-src": "'none'",
        "script-src": hash_of("script", page),
        "style-src": hash_of("style", page),
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not re.search(r"\s(?:style|on\w+)=", page)


def hash_of(element: str, page: str) -> str:
    """What a policy calls the only element of this kind."""
    [text] = re.findall(f"<{element}>(.*?)</{element}>", page)
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_path_without_its_slash_leads_to_it(nginx: Nginx) -> None:
    if nginx.path == "/":
        pytest.skip("there is no path")
    trust = ssl.create_default_context(cafile=str(nginx.authority))
    line = http.client.HTTPSConnection("localhost", nginx.port, context=trust, timeout=10)
    line.request("GET", nginx.path.rstrip("/"))
    assert line.getresponse().headers["Location"] == nginx.path
