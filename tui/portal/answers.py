"""What every answer of the portal has in common: its headers, plain errors, and nothing about what serves it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from tui.faults import write_down
from tui.portal.files import File
from tui.portal.headers import security_headers
from tui.portal.origins import Origins

LOG = logging.getLogger("trakdesk")

PLAIN = {"Cache-Control": "no-store"}

_WORDS = {
    400: "This request cannot be understood.",
    403: "This page may not do that.",
    404: "There is nothing here.",
    405: "That cannot be done here.",
    414: "This address is too long.",
    500: "Something went wrong here. Try again in a moment.",
    503: "Not now. Try again in a moment.",
}

CLIENT = "client"
"""Under this name a request keeps where it comes from, once somebody has looked."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def plain_error(status: int) -> web.Response:
    """A plain page that says what is wrong, and nothing of what came."""
    words = _WORDS.get(status) or HTTPStatus(status).phrase
    return web.Response(status=status, text=f"{words}\n", headers=PLAIN)


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only the two methods that change nothing; errors as plain pages; faults by their reference in the log."""
    if request.method not in ("GET", "HEAD"):
        answer = plain_error(405)
        answer.headers["Allow"] = "GET, HEAD"
        return answer
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status >= 400:
            return plain_error(error.status)
        raise
    except (ConnectionError, TimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - the last place that can keep values out of the log and the answer
        write_down(error)
        return plain_error(500)


def quiet_headers(origins: Origins) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """What is added to every answer just before it goes, and taken away."""
    headers = security_headers(origins)

    async def add(_: web.Request, answer: web.StreamResponse) -> None:
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        answer.headers.pop("Server", None)

    return add


def answer_of(request: web.Request, file: File, *, caching: str) -> web.Response:
    """A file, or that the browser has it already."""
    headers = {"Cache-Control": caching, "ETag": f'"{file.tag}"', "Content-Type": file.kind}
    if file.packed:
        headers["Vary"] = "Accept-Encoding"
    if caching != "no-store" and file.tag in (request.headers.get("If-None-Match") or ""):
        return web.Response(status=304, headers=headers)
    if file.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=file.packed, headers=headers | {"Content-Encoding": "gzip"})
    return web.Response(body=file.octets, headers=headers)


class Accesses(AbstractAccessLogger):
    """One line for each answer: who, the kind of place, and how it went. No query, no key, nothing typed."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line; `time` is in seconds."""
        match = getattr(request, "match_info", None)
        name = match.route.name if match is not None else None
        self.logger.info(
            "portal: %s %s %s %d in %.3f s",
            request.get(CLIENT) or request.remote,
            request.method if request.method in ("GET", "HEAD") else "another method",
            name or "nothing that is here",
            response.status,
            time,
        )
