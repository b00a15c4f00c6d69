"""What the warm parent relies on of asyncio and Textual beyond their public ways."""

from __future__ import annotations

import os
import threading
import time

from textual.app import App

from tui.portal.prepared import ForkableLoop


def test_a_copy_of_a_loop_that_stood_still_is_woken_by_its_own_threads_only() -> None:
    loop = ForkableLoop()
    woken = loop.create_future()
    loop.call_soon(loop.stop)
    loop.run_forever()
    copies = []
    for _ in range(2):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                loop.renew()
                # Nothing else wakes it: without a line of its own, the other copy may take the word.
                call = threading.Timer(0.2, loop.call_soon_threadsafe, (woken.set_result, True))
                call.start()
                began = time.monotonic()
                loop.call_later(5, lambda: None)
                loop.run_until_complete(woken)
                code = 0 if time.monotonic() - began < 3 else 2
            finally:
                os._exit(code)
        copies.append(pid)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in copies] == [0, 0]
    loop.close()


def test_textual_keeps_parsed_styles_where_we_make_room_for_more() -> None:
    app: App[None] = App()
    cache = app.stylesheet._parse_cache
    cache.grow(4096)
    for number in range(200):
        app.stylesheet.add_source(f"Label#a{number} {{ width: 1; }}", read_from=("here", str(number)))
    app.stylesheet.parse()
    misses = cache.misses
    app.stylesheet.add_source("Label#new { width: 1; }", read_from=("here", "new"))
    app.stylesheet.parse()
    assert cache.misses <= misses + 1
