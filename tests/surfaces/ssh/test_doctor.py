"""What `trakdesk doctor` says of a machine on which a desk over SSH is installed."""

from __future__ import annotations

import json

import pytest

from tests.surfaces.ssh.conftest import HOME, Machine

DROP_IN = "/etc/ssh/sshd_config.d/trakdesk.conf"


def ssh_findings(machine: Machine) -> list[dict[str, str]]:
    done = machine.trakdesk("--home", str(HOME), "doctor", "--json", code=None)
    return [finding for finding in json.loads(done.stdout) if finding["part"].startswith("ssh")]


@pytest.mark.slow
def test_the_doctor_says_whether_the_drop_in_is_ours_and_obeyed(served: Machine) -> None:
    [well] = ssh_findings(served)
    assert well["state"] == "well", well
    assert "the server obeys it" in well["words"]
    before = served.read(DROP_IN)
    try:
        served.write(DROP_IN, before.replace("DisableForwarding yes", "DisableForwarding no"))
        found = ssh_findings(served)
        assert {finding["state"] for finding in found} == {"bad"}
        assert any("is not as it was installed" in finding["words"] for finding in found)
        assert all(finding["remedy"] for finding in found)
    finally:
        served.write(DROP_IN, before)


@pytest.mark.slow
def test_a_server_that_was_stopped_is_told(served: Machine) -> None:
    served.run("sh", "-c", "kill $(cat /run/trakdesk-sshd.pid)")
    try:
        served.servers.pop().wait(10)
        [found] = ssh_findings(served)
        assert (found["state"], "systemctl start trakdesk-ssh" in found["remedy"]) == ("bad", True), found
    finally:
        served.serve()
