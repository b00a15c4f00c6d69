"""The line between a program and the server: whatever comes over it, and however slowly it is read."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from time import monotonic, sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.portal import packets, wire
from tui.portal.packets import Broken, Packets, meta, packet
from tui.portal.wire import MOST_WAITING, Wire


@given(st.lists(st.tuples(st.sampled_from([b"D", b"M", b"P"]), st.binary(max_size=30))), st.integers(1, 7))
@settings(max_examples=50, deadline=None)
def test_packets_are_found_wherever_the_stream_is_cut(sent: list[tuple[bytes, bytes]], size: int) -> None:
    stream, reader = b"".join(packet(*one) for one in sent), Packets()
    found = [one for at in range(0, len(stream), size) for one in reader.feed(stream[at : at + size])]
    assert found == sent


def test_a_packet_of_a_gigabyte_is_none() -> None:
    with pytest.raises(Broken):
        list(Packets().feed(b"D\x40\x00\x00\x00"))


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b'{"type": 1}', b"\xff", b"[" * 100_000])
def test_a_meta_packet_without_a_word_is_none(payload: bytes) -> None:
    with pytest.raises(Broken):
        packets.read_meta(payload)


@pytest.fixture
def line() -> Iterator[tuple[Wire, int, int]]:
    """A wire, where the server writes to it, and where it reads from it."""
    (read, feed), (hear, write) = os.pipe(), os.pipe()
    yield Wire(read, write), feed, hear
    for handle in (read, feed, hear, write):
        try:
            os.close(handle)
        except OSError:
            continue


def test_the_first_packet_says_who_comes_and_what_came_with_it_is_kept(line: tuple[Wire, int, int]) -> None:
    wire_, feed, _ = line
    os.write(feed, meta("hello", width=9_999, height=1, link="activate=abc") + packet(b"D", b"x"))
    hello = wire_.hello()
    assert (hello.width, hello.height, hello.link) == (400, 8, "activate=abc")
    found = wire_.receive(1)
    assert found is not None
    assert list(found) == [(b"D", b"x")]


@pytest.mark.parametrize(
    "octets",
    [meta("resize", width=80, height=24), packet(b"D", b"hello"), meta("hello"), meta("hello", width=8, height="9")],
)
def test_anything_else_ends_it(line: tuple[Wire, int, int], octets: bytes) -> None:
    wire_, feed, _ = line
    os.write(feed, octets)
    with pytest.raises(Broken):
        wire_.hello()


def test_so_does_silence(line: tuple[Wire, int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HELLO_WITHIN", 0.01)
    with pytest.raises(Broken):
        line[0].hello()


def test_a_slow_reader_holds_nobody_up_and_is_drawn_anew_when_it_has_caught_up(line: tuple[Wire, int, int]) -> None:
    wire_, _, hear = line
    caught_up = threading.Event()
    wire_.on_caught_up = caught_up.set
    wire_.begin()
    begun = monotonic()
    for number in range(100):
        wire_.draw(f"{number:>10000}")
    wire_.tell("title", value="here")
    assert monotonic() - begun < 5
    assert not caught_up.is_set()
    reader, seen = Packets(), []
    octets = os.read(hear, 13)
    assert octets == b"__GANGLION__\n"
    while not seen or seen[-1].kind != b"M":
        seen += list(reader.feed(os.read(hear, 65_536)))
    # It is told from another thread, a moment after the last octet was read here.
    assert caught_up.wait(15)
    assert sum(len(one.payload) for one in seen) < MOST_WAITING + 200_000
    assert json.loads(seen[-1].payload) == {"type": "title", "value": "here"}


def test_a_reader_that_has_gone_is_told_of_once(line: tuple[Wire, int, int]) -> None:
    wire_, _, hear = line
    gone: list[int] = []
    wire_.on_gone = lambda: gone.append(1)
    os.close(hear)
    wire_.begin()
    give_up = monotonic() + 30
    while not gone and monotonic() < give_up:
        wire_.draw("x")
        sleep(0.01)
    wire_.draw("x")
    wire_.end()
    assert gone == [1]
