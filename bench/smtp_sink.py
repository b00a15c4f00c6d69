"""A mail server on loopback that takes everything and keeps nothing; prints its port, ends with its input."""

from __future__ import annotations

import asyncio
import sys
from itertools import count

from aiosmtpd.smtp import SMTP, Envelope, Session


class _Sink:
    """Answers with a queue id of its own for each mail, as real servers do."""

    def __init__(self) -> None:
        self._numbers = count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return f"250 2.0.0 Ok: queued as {next(self._numbers):010X}"


async def main() -> None:
    loop = asyncio.get_running_loop()
    sink = _Sink()
    server = await loop.create_server(lambda: SMTP(sink, hostname="localhost", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
