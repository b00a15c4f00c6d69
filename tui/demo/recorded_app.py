"""The stage while it is recorded."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.events import Resize

from tui.demo.app import DemoApp
from tui.demo.recording import Recording, recording_driver
from tui.demo.scene import Scene


class RecordedApp(DemoApp):
    """Draws what the stage draws, and keeps it, with a marker for each caption and each moment of a picture."""

    def __init__(self, recording: Recording, *args: Any, **told: Any) -> None:
        """`recording` is closed by whoever made it; for the rest see the class above."""
        super().__init__(*args, **told)
        self.driver_class = recording_driver(recording)
        self._recording = recording
        self._marked: set[str] = set()

    async def begin(self, scene: Scene) -> None:
        """The beginning of a scene; what was said before it may be said again."""
        self._marked.clear()
        await super().begin(scene)

    def caption(self, words: str) -> None:
        """Show a caption below the stage, and let the recording be wound to where it was shown first."""
        super().caption(words)
        if words and words not in self._marked:
            self._marked.add(words)
            self.call_after_refresh(self._recording.marker, words)

    async def mark(self, name: str) -> None:
        """A moment that a picture is drawn of, once everything of it is drawn."""
        self.view(self.present).draw_now()
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        await drawn.wait()
        self._recording.marker(name)

    def on_resize(self, event: Resize) -> None:  # type: ignore[override] # Textual hands it over where it is asked for
        """The recording has the size of the terminal; the application itself learns it after this handler."""
        self._recording.resized(*event.size)
