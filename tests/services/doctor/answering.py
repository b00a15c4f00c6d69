"""A small real server that stands for a portal, good and bad."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.services.certificates import Certificate

OURS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
}


@dataclass
class House:
    """What answers, and how."""

    port: int = 0
    answers: dict[str, tuple[int, str]] = field(
        default_factory=lambda: {"/healthz": (200, "ok\n"), "/readyz": (200, "ready\n"), "/": (200, "page")}
    )
    headers: Mapping[str, str] = field(default_factory=lambda: dict(OURS))
    below: str = ""


@contextmanager
def serving(house: House, certificate: Certificate | None = None) -> Iterator[House]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = house.answers.get(self.path.removeprefix(house.below) or "/", (404, "nothing"))
            self.send_response(status)
            for name, value in house.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.chain, certificate.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    house.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield house
    finally:
        server.shutdown()
        server.server_close()
