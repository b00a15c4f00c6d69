"""What autoplay, practice and tests may ask of the stage, whoever builds it."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from services.desk import Desk
from tui.demo.scene import Place, Scene


class Conductor(Protocol):
    """The stage as those see it who drive it; everything runs in the loop of the stage's application."""

    @property
    def desk(self) -> Desk:
        """The services over the sandbox."""
        ...

    @property
    def present(self) -> Place:
        """What stands on the stage."""
        ...

    def show(self, place: Place) -> None:
        """Put a place on the stage, opening it if it is not there yet."""
        ...

    def send(self, keys: str) -> None:
        """Octets as a terminal sends them, to the present place."""
        ...

    def text(self) -> str:
        """What the present place shows, line by line."""
        ...

    def drawn(self) -> int:
        """A number that grows whenever the present place has drawn something, be it only the cursor."""
        ...

    def caption(self, words: str) -> None:
        """Show a caption below the stage; empty for none."""
        ...

    async def mark(self, name: str) -> None:
        """A moment that a picture is drawn of; returns once everything that is known by now is drawn."""
        ...

    def jump(self, by: timedelta) -> None:
        """Put the clock forward."""
        ...

    async def read_mail(self, to: str, about: str, *, follow: bool) -> None:
        """Open the newest such mail in the mailbox once it has come, and click its link if asked."""
        ...

    async def begin(self, scene: Scene) -> None:
        """The beginning of a scene, whatever was going on; the same scene again is a reset."""
        ...
