"""The stage while it is recorded."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.events import Resize

from tui.demo.app import DemoApp
from tui.demo.recording import Recording, recording_driver


class RecordedApp(DemoApp):
    """Draws what the stage draws, and keeps it, with a marker for each caption and each moment of a picture."""

    def __init__(self, recording: Recording, *args: Any, **told: Any) -> None:
        """`recording` is closed by whoever made it; for the rest see the class above."""
        super().__init__(*args, **told)
        self.driver_class = recording_driver(recording)
        self._recording = recording

    def caption(self, words: str) -> None:
        """Show a caption below the stage, and let the recording be wound to it."""
        super().caption(words)
        if words:
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
