"""A stage without programs: what is sent to a place is looked up in what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

from services.desk import Desk
from services.errors import NotFound
from tui.demo.scene import Await, Beat, Mark, Part, Place, Press, Say, Scene, Show, Type

ANSWERS: Mapping[str, str] = {"find Brent\r": "Brent Thomas", "y": "Why", "ok\r": "Mended"}
"""What a place shows once this was sent to it since the last answer."""


class FakeStage:
    """Fits `Conductor`; remembers everything that happened, in its order."""

    def __init__(self, answers: Mapping[str, str] = ANSWERS) -> None:
        self.answers = answers
        self.log: list[str] = []
        self.captions: list[str] = []
        self.sent = ""
        self.begun = 0
        self.present = Place.DESK
        self._shown: dict[Place, str] = {}
        self._moments: list[tuple[str, Callable[[], None]]] = []
        self.desk = cast(Desk, None)

    @property
    def typed(self) -> str:
        """All that was ever sent."""
        return "".join(line[5:] for line in self.log if line.startswith("send "))

    def at(self, moment: str, then: Callable[[], None]) -> None:
        """Do something at the moment at which this has happened, as `log` tells it, before anything else does."""
        self._moments.append((moment, then))

    def _happened(self, what: str) -> None:
        self.log.append(what)
        for moment, then in list(self._moments):
            if moment == what:
                self._moments.remove((moment, then))
                then()

    def show(self, place: Place) -> None:
        self.present = place
        self._shown.setdefault(place, f"the {place}")
        self._happened(f"show {place}")

    def send(self, keys: str) -> None:
        self.sent += keys
        if self.sent in self.answers:
            self.put(self.answers[self.sent])
        self._happened(f"send {keys}")

    def put(self, text: str) -> None:
        """Let the present place show something else."""
        self._shown[self.present], self.sent = text, ""

    def text(self) -> str:
        return self._shown[self.present]

    def drawn(self) -> int:
        return len(self.log)

    def caption(self, words: str) -> None:
        self.captions.append(words)
        self._happened(f"caption {words}")

    async def mark(self, name: str) -> None:
        self._happened(f"mark {name}")

    def jump(self, by: timedelta) -> None:
        self._happened(f"jump {by}")

    async def read_mail(self, to: str, about: str, *, follow: bool) -> None:
        self._happened(f"mail {to}")
        if to == "nobody@example.com":
            raise TimeoutError
        if to == "stranger@example.com":
            raise NotFound("There is no such mailbox.")

    async def begin(self, scene: Scene) -> None:
        self.begun += 1
        self.present, self.sent, self._shown = scene.opens[0], "", {scene.opens[0]: "Clients"}
        self._happened(f"begin {scene.name}")


def part(title: str, *beats: Beat) -> Part:
    return Part(title, "", beats)


def scene(*parts: Part, **changed: Any) -> Scene:
    return Scene("0", "a test", "", parts, lambda _: None, **changed)


STORY = scene(
    part("find him", Await("Clients"), Say("Somebody calls."), Type("find Brent"), Press(("enter",)), Await("Brent T")),
    part("why", Press(("y",)), Await("Why"), Mark("why"), Type(lambda _: "ok"), Press(("enter",)), Await("Mended")),
    part("elsewhere", Show(Place.PERSON), Await("the person"), Say("There.")),
)
