"""Killed at any moment, a desk loses nothing that it acknowledged and leaves nothing half done."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from models.audit import AuditEntry
from models.client import Client
from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from services.clock import SystemClock
from services.context import Context
from services.desk import Desk
from tests import making
from tests.places import ROOT

SEED = 919236
KILLS = 12
CLIENTS = 400

WORKER = """
import json, sys
from pathlib import Path
from models.states import Role, Surface
from services.actor import Actor, Origin
from services import person_key
from services.opening import open_desk
from services.settings import Settings

home, url, agency, ids = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
desk = open_desk(Settings(home=Path(home), database_url=url))
actor = Actor(agency, None, None, "worker", Role.ADMINISTRATOR, Origin(Surface.COMMAND, "test"))
print("ready", flush=True)
for client_id in ids:
    desk.accounts.create_and_welcome(actor, person_key.client(client_id))
    print(client_id, flush=True)
"""


@pytest.mark.slow
def test_kill_9_between_and_inside_transactions(database_url: str, tmp_path: Path) -> None:
    from services.opening import open_desk
    from services.settings import Settings

    settings = Settings(home=tmp_path / "home", database_url=database_url)
    desk = open_desk(settings, SystemClock())
    agency, _ = making.make_agency(desk)
    clients = [making.make_client(desk, agency, f"client{number}@example.ca").id for number in range(CLIENTS)]
    dice = random.Random(SEED)
    acknowledged: list[int] = []
    for _ in range(KILLS):
        left = [client for client in clients if client not in _with_account(desk)]
        command = [sys.executable, "-c", WORKER, str(settings.home), database_url, str(agency.id), json.dumps(left)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
            for _ in range(dice.randint(0, 20)):
                acknowledged.append(int(worker.stdout.readline()))
            worker.kill()
            # What it said before it died counts too.
            acknowledged += [int(line) for line in worker.stdout.read().splitlines() if line.strip().isdigit()]
    _check(desk.ctx, set(acknowledged))


def _with_account(desk: Desk) -> set[int]:
    with desk.ctx.read():
        return {client.id for client in Client.select(Client.id).where(Client.identity.is_null(False))}


def _check(ctx: Context, acknowledged: set[int]) -> None:
    with ctx.read():
        created = {client.id: client.identity_id for client in Client.select().where(Client.identity.is_null(False))}
        assert acknowledged <= set(created), "an acknowledged change is lost"
        accounts = set(created.values())
        mailed = [message.identity_id for message in OutboxMessage.select()]
        tokens = [token.identity_id for token in OneTimeToken.select()]
        audited = [entry.identity_id for entry in AuditEntry.select().where(AuditEntry.action == "account_created")]
        clients_only = {identity.id for identity in Identity.select().where(Identity.role == "client")}
        assert sorted(mailed) == sorted(tokens) == sorted(audited) == sorted(accounts) == sorted(clients_only)
        assert acknowledged, "no worker lived long enough to do anything"
