"""The whole desk on a stage, with an agency behind it; what the tests of its parts share."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from models.client import Client
from screens.clients.clients import ClientsTab
from screens.desk import DeskMain
from screens.workplace import Workplace
from services.clients.values import ClientQuery
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.screens.stage import Stage
from tests.settling import until

SMALL = (80, 24)
WIDE = (120, 40)


class DeskStage:
    """The program, its main screen, and the agency whose people it shows."""

    def __init__(self, place: Workplace, desk: Desk) -> None:
        self.desk = desk
        self.ray: MadeAgency = making.make_agency(desk)
        self.main = DeskMain(place, self.ray.admin)
        self.app = Stage(place, self.main)

    @property
    def clients(self) -> ClientsTab:
        """The Clients tab."""
        return self.main.clients

    @property
    def shown(self) -> str:
        """The name in the row under the cursor."""
        row = self.clients.table.cursor_row
        return "" if row is None else row.cells[0]

    def clients_query(self) -> ClientQuery:
        """What the table asks for at first."""
        return ClientQuery()

    def add(self, *names: str, **columns: Any) -> list[int]:
        """Clients with these names; each has an address of its own. Returns their ids."""
        ids = []
        for name in names:
            first, _, last = name.partition(" ")
            email = columns.pop("email", f"{first}.{last}@example.com".lower())
            client = making.make_client(self.desk, self.ray.agency, email, first=first, last=last, **columns)
            ids.append(int(client.id))
        return ids

    def client(self, number: int) -> Client:
        """The row of one of them as it stands in the database."""
        with self.desk.ctx.read():
            found: Client = Client.get_by_id(number)
            return found

    async def ready(self, pilot: Pilot[Any], count: int | None = None) -> None:
        """Wait until the desk is on top, its keys work, and so many rows are counted."""
        await until(pilot, lambda: self.app.screen is self.main, "the desk")
        table = self.clients.table
        await until(pilot, lambda: table.count is not None and (count is None or table.count == count), f"{count} rows")
        await until(pilot, lambda: not self.clients.busy, "the last task")
        # Where things stand on the screen is known once the count has been laid out.
        await pilot.pause()
