"""Whether a key opens something, for the SSH server: asked at every key that a client offers, so it imports little.

One question is put to the database, without the tables of `models` and what they bring along; the tests hold the two
together.
"""

from __future__ import annotations

from services.ssh_keys.fingerprint import fingerprint_of

PATIENCE = 3
"""Seconds that the database is waited for; the SSH server and the person at its other end wait as long."""

_SQLITE = "sqlite:///"
_QUESTION = """
SELECT ssh_key.kind, ssh_key.blob FROM ssh_key
JOIN identity ON identity.id = ssh_key.identity_id AND identity.agency_id = ssh_key.agency_id
WHERE ssh_key.fingerprint = {} AND ssh_key.revoked_at IS NULL AND identity.state = 'active'
"""


def opens(database_url: str, kind: str, blob: str) -> bool:
    """Whether this key, by the first two words of its line, is bound and its account active.

    Raises whatever the database raises that cannot be asked.
    """
    fingerprint = fingerprint_of(blob)
    ask = _ask_sqlite if database_url.startswith(_SQLITE) else _ask_postgresql
    return (kind, blob) in ask(database_url, fingerprint)


def _ask_sqlite(url: str, fingerprint: str) -> list[tuple[str, str]]:
    import apsw

    connection = apsw.Connection(url.removeprefix(_SQLITE), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        connection.set_busy_timeout(PATIENCE * 1000)
        return [(str(kind), str(blob)) for kind, blob in connection.execute(_QUESTION.format("?"), (fingerprint,))]
    finally:
        connection.close()


def _ask_postgresql(url: str, fingerprint: str) -> list[tuple[str, str]]:
    import psycopg

    options = f"-c statement_timeout={PATIENCE * 1000} -c default_transaction_read_only=on"
    with psycopg.connect(url, connect_timeout=PATIENCE, options=options) as connection:
        return [(str(kind), str(blob)) for kind, blob in connection.execute(_QUESTION.format("%s"), (fingerprint,))]
