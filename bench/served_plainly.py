"""Plain textual-serve: `python -m bench.served_plainly PORT HOME`."""

from __future__ import annotations

import sys

from textual_serve.server import Server

if __name__ == "__main__":
    Server(f"{sys.executable} -m bench.served_app {sys.argv[2]}", host="127.0.0.1", port=int(sys.argv[1])).serve()
