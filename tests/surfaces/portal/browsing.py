"""A tab of a real Chromium, read as a terminal: what the server sends to the page is drawn here once more."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyte
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket, sync_playwright

from tests.surfaces.term import Screen

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
SMALL_PHONE = {**PHONE, "viewport": {"width": 360, "height": 640}}

_KEYS = {
    "enter": "Enter",
    "esc": "Escape",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "space": "Space",
    "up": "ArrowUp",
    "down": "ArrowDown",
    "left": "ArrowLeft",
    "right": "ArrowRight",
    "backspace": "Backspace",
    "pgdn": "PageDown",
    "pgup": "PageUp",
    "home": "Home",
    "end": "End",
}


def chromium_command() -> str | None:
    """Where Chromium is, if it is."""
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


@contextmanager
def launched() -> Iterator[Callable[..., Tab]]:
    """Opens tabs in a Chromium without a window: `open_tab()`, `open_tab(PHONE)`; skips where there is none."""
    command = chromium_command()
    if command is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as play, ExitStack() as stack:
        browsers: dict[tuple[Any, ...], Browser] = {}

        def open_tab(device: dict[str, Any] = DESKTOP, *words: str) -> Tab:
            scale = device.get("device_scale_factor", 1)
            kind = (scale, *words)
            if kind not in browsers:
                # A scale that is emulated only is unknown to the part of the browser that xterm.js asks for it.
                # Inside a container root has no sandbox of its own to give.
                options = ["--no-sandbox", "--disable-dev-shm-usage", f"--force-device-scale-factor={scale}", *words]
                browsers[kind] = play.chromium.launch(executable_path=command, args=options)
                stack.callback(browsers[kind].close)
            context = browsers[kind].new_context(ignore_https_errors=True, **device)
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            return Tab(context)

        yield open_tab


class Tab:
    """One tab.

    Attributes:
        requests: the address, the headers and the body of every request.
        console: what the page wrote to the console, and its errors.
    """

    def __init__(self, context: BrowserContext, page: Page | None = None) -> None:
        """`page` is one that the page of another tab has opened."""
        self.context = context
        self.requests: list[str] = []
        self.hosts: set[str] = set()
        self.console: list[str] = []
        self.sockets = 0
        self.page = page or context.new_page()
        self._clear(80, 24)
        page = self.page
        page.on("request", self._requested)
        page.on("console", lambda said: self._written(said.type, said.text))
        page.on("pageerror", lambda error: self.console.append(f"error: {error}"))
        page.on("websocket", self._opened)

    # -- what it shows ------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The terminal, as text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.screen.columns, self.screen.lines

    def has(self, wanted: str) -> bool:
        """Whether this stands in the terminal; spaces and line ends count as the same."""
        return wanted in self.text or wanted in re.sub(r"[\s│┃▏▕]+", " ", self.text)

    def expect(self, wanted: str, seconds: float = 20) -> Tab:
        """Wait until this stands in the terminal."""
        return self._wait(lambda: self.has(wanted), seconds, f"never showed {wanted!r}")

    def absent(self, unwanted: str, seconds: float = 20) -> Tab:
        """Wait until this no longer stands in the terminal."""
        return self._wait(lambda: not self.has(unwanted), seconds, f"still shows {unwanted!r}")

    def settle(self, quiet: float = 0.3, seconds: float = 10) -> Tab:
        """Wait until nothing more is drawn for a while."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and time.monotonic() - max(self._drawn_at, until - seconds) < quiet:
            self.page.wait_for_timeout(20)
        return self

    def says(self, selector: str, wanted: str, seconds: float = 20) -> Tab:
        """Wait until an element of the page itself is there and says this."""
        element = self.page.locator(selector)
        return self._wait(
            lambda: element.is_visible() and wanted in (element.text_content() or ""), seconds, f"never said {wanted!r}"
        )

    def wait(self, condition: Any, seconds: float = 20) -> Tab:
        """Wait until this holds."""
        return self._wait(condition, seconds, "it never came true")

    def picture(self, path: Path) -> None:
        """Draw what the person sees."""
        self.settle()
        self.page.screenshot(path=path)

    # -- what the person does -----------------------------------------------------------------

    def open(self, address: str) -> Tab:
        """Go to an address."""
        self.page.goto(address)
        return self

    def reload(self) -> Tab:
        """Load the page anew; what it showed before counts no more."""
        self._clear(*self.size)
        self.page.reload()
        return self

    def key(self, *names: str) -> Tab:
        """Press keys, one after the other."""
        for name in names:
            self.page.keyboard.press(_KEYS.get(name, name.upper() if re.fullmatch(r"f\d+", name) else name))
        return self

    def type(self, text: str) -> Tab:
        """Type it."""
        self.page.keyboard.type(text)
        return self

    def fill(self, *values: str) -> Tab:
        """Type values into fields that follow each other."""
        self.settle()
        for number, value in enumerate(values):
            if number:
                self.key("tab")
            self.type(value)
        return self

    def place(self, wanted: str) -> tuple[float, float]:
        """Where on the page the middle of this text is drawn."""
        for row, line in enumerate(self.screen.display):
            column = line.find(wanted)
            if column >= 0:
                box = self.page.locator(".xterm-screen").bounding_box()
                assert box is not None
                across, down = box["width"] / self.screen.columns, box["height"] / self.screen.lines
                return box["x"] + (column + len(wanted) / 2) * across, box["y"] + (row + 0.5) * down
        raise AssertionError(f"{wanted!r} is not on the screen\n{self.text}")

    def click(self, wanted: str) -> Tab:
        """Click on the first place where this stands."""
        self.page.mouse.click(*self.place(wanted))
        return self

    def tap(self, wanted: str) -> Tab:
        """Tap on it with a finger."""
        self.page.touchscreen.tap(*self.place(wanted))
        return self

    # -- inside -------------------------------------------------------------------------------

    def _written(self, kind: str, text: str) -> None:
        # xterm.js says so on a busy machine.
        if "task queue exceeded" not in text:
            self.console.append(f"{kind}: {text}")

    def _requested(self, request: Any) -> None:
        self.hosts.add(re.sub(r"^\w+://([^/]*).*", r"\1", request.url))
        self.requests.append(f"{request.method} {request.url} {request.all_headers()} {request.post_data or ''}")

    def _opened(self, socket: WebSocket) -> None:
        self.sockets += 1
        self.requests.append(f"WS {socket.url}")
        socket.on("framesent", lambda payload: self._sent(payload))
        socket.on("framereceived", lambda payload: self._received(payload))

    def _sent(self, payload: str | bytes) -> None:
        word, *values = json.loads(payload)
        if word in ("hello", "resize"):
            size = (values[0]["width"], values[0]["height"])
            if word == "hello":
                self._clear(*size)
            elif size != self.size:
                self.screen.resize(size[1], size[0])

    def _received(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            self._stream.feed(payload)
            self._drawn_at = time.monotonic()

    def _clear(self, width: int, height: int) -> None:
        self.screen = Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self._drawn_at = time.monotonic()

    def _wait(self, condition: Any, seconds: float, complaint: str) -> Tab:
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                raise AssertionError(f"{complaint}\n{self.text}\n{self.console}")
            self.page.wait_for_timeout(30)
        return self
