"""Requests for help, as agents answer them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from models.states import HelpAuthor, HelpState, KioskStep
from services import rights
from services.errors import Refused
from services.help_queue.chats import HelpQuery
from services.help_queue.values import Chat
from services.kiosks.releases import WORDS
from services.rights import Right
from services.when import show_moment
from tui.plain.help import Heard, as_said, converse
from tui.plain.pages import page_through
from tui.plain.person import open_person
from tui.plain.sitting import Choice, Sitting
from tui.plain.verifying import shown

MOST = 100
"""Requests that are gone through: those that wait come first."""

_STATES = {HelpState.WAITING: "waiting", HelpState.TAKEN: "taken by {agent}", HelpState.CLOSED: "closed"}


def help_requests(sitting: Sitting) -> None:
    """Those that wait first; one of them is opened. Raises Back, SignedOut or Leave."""
    rows = sitting.desk.help_queue.rows(sitting.actor, HelpQuery()).first(MOST)
    if not rows:
        sitting.talk.say("There are no requests for help.")
        return
    numbers = [row.key for row in rows]

    def page(start: int, end: int) -> list[str]:
        return [_line(sitting, sitting.desk.help_queue.chat(sitting.actor, number)) for number in numbers[start:end]]

    chosen = page_through(sitting.talk, len(numbers), page, of="a request")
    if chosen is not None:
        _open(sitting, numbers[chosen])


def _line(sitting: Sitting, chat: Chat) -> str:
    row = chat.row
    state = _STATES[row.state].format(agent="you" if row.mine else row.agent)
    gone = "" if row.here or row.state is HelpState.CLOSED else ", the person has gone"
    when = show_moment(row.asked_at, sitting.desk.ctx.clock.now())
    return f"{row.name}: {row.topic}, asked {when} at the {row.surface} {row.place}, {state}{gone}"


def _open(sitting: Sitting, number: int) -> None:
    chat = sitting.desk.help_queue.chat(sitting.actor, number)
    sitting.talk.say(_line(sitting, chat), *(as_said(line) for line in chat.lines))
    sitting.menu("This request.", lambda: _choices(sitting, number))


def _choices(sitting: Sitting, number: int) -> Sequence[Choice]:
    chat = sitting.desk.help_queue.chat(sitting.actor, number)
    choices = []
    if chat.person is not None:
        proved = "who has signed in" if chat.proved else "as they say, which nothing proves yet"
        choices.append(Choice(f"Open {chat.person_name}, {proved}", partial(open_person, chat.person)))
    if rights.why_not(sitting.actor.role, Right.ACT):
        return choices
    if chat.row.state is HelpState.CLOSED:
        choices.append(Choice("Reopen it", partial(_reopen, number)))
    else:
        choices.append(Choice("Talk" if chat.row.mine else "Take it, and talk", partial(_talk, number)))
    if chat.row.mine and chat.visit is not None and chat.step is not None:
        words = f"Let them pass {WORDS[chat.step]} at the kiosk"
        choices.append(Choice(words, partial(_release, chat.visit, chat.step)))
    if chat.row.mine and chat.row.state is HelpState.TAKEN:
        choices.append(Choice("Close it", partial(_close, number)))
        choices.append(Choice("Give it back to the queue", partial(_give_back, number)))
    choices.append(Choice("Write a note for colleagues", partial(_note, number)))
    return choices


def _talk(number: int, sitting: Sitting) -> None:
    service = sitting.desk.help_queue
    chat = service.take(sitting.actor, number)
    heard = Heard(sitting, HelpAuthor.AGENT)
    heard.tell(chat.lines)
    sitting.talk.say("What the person says is told as it comes. Type b to leave the chat open and go back.")
    converse(
        sitting,
        lambda: heard.tell(service.chat(sitting.actor, number).lines),
        lambda words: service.say(sitting.actor, number, words),
        leaving="The request stays yours, and the person waits for you.",
    )


def _release(visit: int, step: KioskStep, sitting: Sitting) -> None:
    offer = sitting.desk.releases.offer(sitting.actor, visit)
    if offer.person is None:
        raise Refused(offer.why_not)
    sitting.talk.say(f"This is about {offer.name}, {offer.address}.", *offer.follows)
    if sitting.talk.agree("Let them pass?"):
        shown(sitting, offer.person, sitting.desk.releases.release, sitting.actor, visit, step)
        sitting.talk.say("The kiosk goes on by itself.")


def _close(number: int, sitting: Sitting) -> None:
    sitting.desk.help_queue.close(sitting.actor, number, sitting.talk.ask("How did it end"))
    sitting.talk.say("The request is closed.")


def _reopen(number: int, sitting: Sitting) -> None:
    sitting.desk.help_queue.reopen(sitting.actor, number)
    sitting.talk.say("The request is open again, and yours.")


def _give_back(number: int, sitting: Sitting) -> None:
    note = sitting.talk.ask_optional("Note for whoever takes it")
    sitting.desk.help_queue.hand_over(sitting.actor, number, None, note)
    sitting.talk.say("The request waits for a colleague.")


def _note(number: int, sitting: Sitting) -> None:
    sitting.desk.help_queue.note(sitting.actor, number, sitting.talk.ask("Note, which the person never sees"))
    sitting.talk.say("Noted.")
