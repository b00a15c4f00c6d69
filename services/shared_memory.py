"""What the sign-in form remembers where many people share one account of the machine: nothing about any of them."""

from __future__ import annotations

from models.agency import Agency
from services.context import Context
from services.errors import DeskError
from services.remembered import Remembered


class SharedMemory:
    """Knows the company code where there is only one agency, and keeps neither people nor colours."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._known: Remembered | None = None

    def recall(self) -> Remembered:
        """The company code, once it could be read; a database that cannot serve is told elsewhere."""
        if self._known is None:
            try:
                with self._ctx.read():
                    codes = [row.code for row in Agency.select(Agency.code).limit(2)]
            except DeskError:
                return Remembered()
            if not codes:
                # The first one may be set up a minute from now.
                return Remembered()
            self._known = Remembered(company_code=codes[0]) if len(codes) == 1 else Remembered()
        return self._known

    def keep(self, what: Remembered) -> None:
        """Keep nothing: the next one is somebody else."""
