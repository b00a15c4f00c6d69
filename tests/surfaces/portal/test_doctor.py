"""What `trakdesk doctor` says of a real portal behind a real nginx with TLS."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.surfaces.conftest import TRAKDESK
from tests.surfaces.portal.house import House

PARTS = ("portal", "portal is ready", "portal page", "portal host", "portal proxies")


def told(house: House, **changed: str) -> dict[str, str]:
    """How each part of the portal is."""
    trusted = {"SSL_CERT_FILE": str(house.nginx.authority)}
    environment = house.portal.environment | trusted | changed
    done = subprocess.run([TRAKDESK, "doctor", "--json"], env=environment, capture_output=True, text=True, timeout=60)
    return {finding["part"]: finding["state"] for finding in json.loads(done.stdout) if "portal" in finding["part"]}


@pytest.mark.slow
def test_the_doctor_sees_a_portal_as_its_visitors_do(house: House) -> None:
    # The certificate of the tests is good for a day.
    assert told(house) == dict.fromkeys(PARTS, "well") | {"portal": "hint"}
    assert told(house, SSL_CERT_FILE="/dev/null") == {"portal": "bad", "portal host": "well", "portal proxies": "well"}
    assert told(house, TRAKDESK_PORTAL_PROXIES="")["portal proxies"] == "bad"
    house.portal.stop()
    assert told(house) == {"portal": "bad"}, "nginx answers that nobody is there"
