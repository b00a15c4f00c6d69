"""A scene's beats in one row, and where in it a stage can be picked up again."""

from __future__ import annotations

from collections.abc import Iterator

from tui.demo.scene import Await, Beat, Place, Press, ReadMail, Scene, Show, Type


class Script:
    """What is played, beat by beat."""

    def __init__(self, scene: Scene) -> None:
        self.beats: tuple[Beat, ...] = tuple(beat for part in scene.parts for beat in part.beats)
        self._parts = tuple(number for number, part in enumerate(scene.parts) for _ in part.beats)
        self._places = tuple(_places(scene.opens[0], self.beats))

    def part_of(self, at: int) -> int:
        """The number of the part to which a beat belongs; of the last one after the end."""
        return self._parts[min(at, len(self._parts) - 1)]

    def found(self, at: int, place: Place, text: str) -> int | None:
        """With which beat to go on where this place shows this text, in the part of `at`; None if nowhere.

        The furthest one counts. What was reached before `at` counts only as long as nothing was typed since: it would
        be typed twice.
        """
        part = self.part_of(at)
        for here in reversed(range(self._first_possible(at), len(self.beats))):
            beat = self.beats[here]
            if self._parts[here] != part or not isinstance(beat, Await):
                continue
            if self._places[here] is place and beat.text in text:
                return here + 1
        return None

    def _first_possible(self, at: int) -> int:
        """The first beat after which the stage is as it is expected before `at`."""
        first = at
        while first > 0 and self._parts[first - 1] == self.part_of(at):
            if isinstance(self.beats[first - 1], Press | Type | ReadMail | Show):
                break
            first -= 1
        return first


def _places(first: Place, beats: tuple[Beat, ...]) -> Iterator[Place]:
    """What stands on the stage after each beat."""
    present = first
    for beat in beats:
        if isinstance(beat, Show):
            present = beat.place
        elif isinstance(beat, ReadMail) and beat.follow:
            present = Place.PERSON
        yield present
