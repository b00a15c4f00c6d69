"""All parts of a desk, one after the other."""

from __future__ import annotations

from collections.abc import Callable

from services.clock import SystemClock
from services.doctor import clock, database, house, mail, portal, units
from services.doctor.finding import Finding
from services.settings import Settings


def examine(settings: Settings, kept: Callable[[], bool | None] = clock.kept_by_a_time_server) -> list[Finding]:
    """All findings, in the order in which one would mend them; changes nothing.

    Args:
        kept: tells whether a time server keeps the clock of this machine; None if that cannot be known.
    """
    findings = [house.home(settings.home)]
    keys, of_keys = house.key_ring(settings.keys_path)
    findings.append(of_keys)
    findings.extend(database.examine(settings, keys, kept))
    now = SystemClock().now()
    findings.append(mail.examine(settings.mail, now))
    findings.extend(portal.examine(settings, now))
    findings.extend(house.kiosks(settings.home))
    findings.extend(units.examine())
    return findings
