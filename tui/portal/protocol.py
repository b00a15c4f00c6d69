"""What the page, the server and the program of one session say to each other; the page's half is `page/portal.js`.

Page and server talk over one WebSocket, `ws` beside the page. Texts are JSON lists, `[word, value]`; what the
program draws goes to the page as binary frames. The page's first text is a `hello`, which no other may follow.

=============== =============== ==================================================================================
from the page   value           meaning
=============== =============== ==================================================================================
hello           `Hello`         who comes, how large the window is, and with what: a link, a way back, a ticket
stdin           text            what was typed
resize          width, height   the window has another size
focus, blur     none            the page was entered or left
hidden          true or false   the page went out of sight, behind another tab or app, or came back
fill            names, texts    what the browser's password manager has put into the native form
ping            any text        answered by `pong` with the same
--------------- --------------- ----------------------------------------------------------------------------------
from the server value           meaning
--------------- --------------- ----------------------------------------------------------------------------------
ready           back, grace     the session runs; `back` leads to it again within `grace` seconds of a lost line
title           text            what the tab's title says before the name of the product
form            name or ""      which native form fits the screen: "sign-in", or none
remember        names, texts    what the page keeps for the next visit in this browser, never a secret
ticket          text or ""      leads into the signed-in session again after the program has gone; "" forgets it
link_done       none            the link has done what it was for: the page forgets it
copy            text            what goes to the clipboard of the person
to_app          text            a key for an authenticator app on the same telephone, as an `otpauth` link to tap
typing          "text" or ""    whether there is a field to type into: the keyboard of a phone comes and goes with it
open_url        url, new_tab    as in textual-serve
deliver_file_start  key         as in textual-serve
pong            the same text   the answer to `ping`
end             why, words      the session is over, and why in words; nothing follows
=============== =============== ==================================================================================

The server has `/` (the page, whatever stands behind `?`), `/reset` (leads to the page with `RESET_LINK`), `/ws`,
`/static/NAME` (every file of `page/` by its path there, besides `textual.js` and `xterm.css` of textual-serve),
`/healthz` and `/readyz`, and nothing else: no file is handed out. The page names them relative to itself; what it
names as `static/NAME` is given its version by the server.

Between server and program it is textual-serve's protocol (`D`, `M` and `P` packets on the program's standard input and
output): the server's first packet is the meta packet `hello`, and the meta packets `fill`, `redraw` and `hang_up`,
whose value is a `Leaving`, are ours; the program's own are `title`, `form`, `remember`, `ticket`, `link_done`, `copy`,
`to_app`, `typing` and `end`. A meta packet is a JSON object: `{"type": word, "value": value}` with the value that the
table gives, so that the server need not know each; what textual-serve has (`resize`, `focus`, `blur`, `quit`, `exit`,
`open_url`, `deliver_file_start`) keeps its form, and `hello` is `{"type": "hello"}` with the fields of `Hello`, `back`
always empty. A value of several parts is an object with these names: `{"width": …, "height": …}`, `{"back": …,
"grace": …}`, `{"why": …, "words": …}`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tui.terminal import HIGHEST, WIDEST

HELLO_WITHIN = 10.0
"""Seconds from the opening of a connection to its first message."""

GRACE = 30.0
"""Seconds for which a program waits for a page whose line was lost; one that was closed on purpose ends at once."""

GRACE_AWAY = 600.0
"""The same for a page on a telephone, or out of sight: its person reads the mail or opens the authenticator app, and
the device cuts the line of what it does not show. As long as a ticket is good; where room is short, `GRACE` holds."""

LARGEST_MESSAGE = 65_536
"""Octets of a message of a page; a pasted page of text fits."""

LARGEST_LINK = 300
"""Signs of the link's fragment, such as `activate=…`."""

RESET_LINK = "reset=page"
"""The link of the reset page, which staff read out over the telephone; no secret."""

COLUMNS = (20, WIDEST)
ROWS = (8, HIGHEST)
"""The smallest and the largest terminal; others are brought to the nearest."""


class Why(StrEnum):
    """Why a session is over, for the page to choose what it offers."""

    LEFT = "left"
    """The person is done: the page offers to begin again."""

    IDLE = "idle"
    """Nobody touched it for too long."""

    OVER = "over"
    """Its longest time has passed."""

    BUSY = "busy"
    """Too many sessions, here or from this address: the page tries again by itself."""

    FAULT = "fault"
    """A fault of ours; the words name the reference."""

    STOPPING = "stopping"
    """The server is being restarted: the page comes back by itself."""

    REFUSED = "refused"
    """What the page sent is no part of this protocol."""


class Leaving(StrEnum):
    """Why a program is asked to end."""

    CLOSED = "closed"
    """The page was closed on purpose; one that is loaded anew comes back within moments."""

    LOST = "lost"
    """The page did not come back, or the server stops: its person may, as long as a ticket is good."""

    OVER = "over"
    """The time of the session is over: nobody comes back."""


@dataclass(frozen=True, slots=True)
class Hello:
    """A page's first message.

    Attributes:
        link: the fragment of the address, `purpose=token`; empty without a link. A secret.
        back: the way back to a program that still runs. A secret.
        ticket: the way back into a session whose program has gone. A secret.
        theme: the colours that this browser remembers, by their short name.
        remembered: what the page keeps under `remember`.
        touch: whether fingers are used.
    """

    width: int
    height: int
    link: str = field(default="", repr=False)
    back: str = field(default="", repr=False)
    ticket: str = field(default="", repr=False)
    theme: str = ""
    remembered: dict[str, str] = field(default_factory=dict)
    touch: bool = False
