"""`trakdesk portal`: serves the application to browsers."""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import sys
from dataclasses import replace

from services.errors import DeskError, Refused
from services.opening import open_desk
from services.settings import Settings
from tui import exits
from tui.commands.opened import settings_of
from tui.faults import start_log
from tui.hardening import harden, python_command, small_environment


class _NotServing(DeskError):
    """The portal cannot listen; the sentence says why."""


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    if not sys.flags.isolated:
        _begin_anew(options)
    harden()
    settings = _settings(options)
    # Whatever keeps the desk from opening is told here, and once, not to each person who comes.
    open_desk(settings)
    start_log(settings.log_path)
    from tui.portal.server import PortalServer
    from tui.portal.serving import serve

    portal = PortalServer(settings)
    if not settings.portal_address:
        print(
            "No public_url is set, so the links in mails lead nowhere, and only browsers on this machine may come.",
            file=sys.stderr,
        )
    try:
        asyncio.run(serve(portal))
    except OSError as error:
        where = f"The portal cannot listen at {settings.portal.host}, port {settings.portal.port}"
        raise _NotServing(f"{where}: {_why_not(error)}") from error
    return exits.DONE


def _why_not(error: OSError) -> str:
    """Why it cannot listen, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return "another program does. Stop it, if it is a portal that runs already, or choose another port with --port."
    if error.errno == errno.EACCES:
        return "only root may listen at such a low port. Choose one from 1024 on with --port."
    known = errno.errorcode.get(error.errno or 0) is not None
    told = os.strerror(error.errno or 0) if known else error.strerror
    return f"{told}. Name an address of this machine with --host, usually 127.0.0.1."


def _settings(options: argparse.Namespace) -> Settings:
    settings = settings_of(options)
    portal = settings.portal
    portal = replace(portal, host=options.host or portal.host, port=options.port or portal.port)
    from tui.portal.addresses import is_loopback

    if not is_loopback(portal.host) and not portal.proxies:
        raise Refused(
            f"The portal speaks no TLS itself, so it does not listen at {portal.host}, where others could read along. "
            "Let a proxy such as nginx do that: name its address under portal.proxies, or listen at 127.0.0.1."
        )
    return replace(settings, portal=portal)


def _begin_anew(options: argparse.Namespace) -> None:
    """Become the same command in a Python and an environment that nobody else has prepared."""
    words = ["--home", str(options.home.absolute())] if options.home else []
    words += ["portal"]
    words += ["--host", options.host] if options.host else []
    words += ["--port", str(options.port)] if options.port else []
    command = python_command("tui", *words)
    os.execve(command[0], command, small_environment(os.environ))  # noqa: S606 - our own interpreter, no shell
