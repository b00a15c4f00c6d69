"""What the server does with each word of a page after its hello."""

from __future__ import annotations

from tui.portal.messages import Message, Refused, read_filled, read_ping, read_size, read_typed
from tui.portal.page_line import PageLine
from tui.portal.session import Session


async def obey(message: Message, page: PageLine, session: Session, now: float) -> None:
    """Do what one message says; a word that is not known is left out. Raises Refused or Lost."""
    word, value = message.word, message.value
    if word == "stdin":
        typed = read_typed(value)
        session.touch(now)
        await session.send_bytes(typed.encode())
    elif word == "resize":
        session.resize_soon(*read_size(value))
    elif word == "ping":
        await page.tell("pong", read_ping(value))
    elif word == "focus":
        await session.focus()
    elif word == "blur":
        await session.blur()
    elif word == "hidden":
        session.absence.hidden = value is True
    elif word == "fill":
        session.touch(now)
        await session.send_meta({"type": "fill", "value": read_filled(value)})
    elif word == "hello":
        raise Refused("a second hello")
