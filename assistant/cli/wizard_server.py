"""The wizard behind waitress: how many threads, children and connections it has, and for how long.

``serve`` loads this module late: it brings Flask and every page with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
from typing import TYPE_CHECKING, Any

from waitress.server import create_server

from assistant.app import create_app
from assistant.cli.request_loop import RequestLoop
from assistant.cli.timed_channel import TimedChannel
from assistant.pdf.sandbox import limit_queue

if TYPE_CHECKING:
    import socket

    from assistant.config import Config
    from assistant.storage.sealing import Keyring

BODY_LIMIT_PER_UPLOAD = 10
"""Times the largest upload: what waitress accepts, on disk and not in memory, so that the program's own page can say
that a file is too large. A browser shows no answer that comes while it is still sending."""

MOST_CHILDREN = 4
"""Child processes that read PDFs at a time; no more than there are processors."""
PLACES = 8
"""Requests that have a child or wait for one; the next one gets the answer that the computer is busy."""
WAIT_SECONDS = 60.0
CONNECTIONS = 400
"""Connections held at a time; many are only half a request, and cost a file each."""
SILENT_SECONDS, LOOK_SECONDS = 30, 5
"""A connection on which nothing came or went for so long is closed; how often that is looked at."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Names of glibc's settings (malloc.h)."""
LARGE_BLOCK = 262_144  # bytes


def make_server(
    config: Config, listening: list[socket.socket], *, token: str = "", keyring: Keyring | None = None
) -> RequestLoop:
    """Return the loop of the server on these sockets; ``token`` is that of the address to open, "" for none.

    Whoever waits for a child process that reads a PDF has a thread of the ``PLACES``, so that the threads of the
    setting are always there for everybody else.
    """
    _bound_arenas()
    running = min(MOST_CHILDREN, os.cpu_count() or 1)
    limit_queue(running=running, waiting=PLACES - running, wait_seconds=WAIT_SECONDS)
    dispatchers: dict[int, Any] = {}
    poll = hasattr(select, "poll")
    server = create_server(
        create_app(config, token=token, keyring=keyring),
        map=dispatchers,
        sockets=listening,
        threads=config.threads + PLACES,
        connection_limit=CONNECTIONS,
        channel_timeout=SILENT_SECONDS,
        cleanup_interval=LOOK_SECONDS,
        # select() stops at file 1,024; poll() does not.
        asyncore_use_poll=poll,
        max_request_body_size=BODY_LIMIT_PER_UPLOAD * config.upload_max_bytes,
        clear_untrusted_proxy_headers=config.proxy_hops == 0,
        ident=None,
    )
    for one in dispatchers.values():
        if hasattr(one, "channel_class"):  # one for each socket; the other wakes the loop
            one.channel_class = TimedChannel
    return RequestLoop(server, dispatchers, poll=poll)


def _bound_arenas() -> None:
    """Let all threads share two heaps, where glibc would keep one for each, and give large blocks back at once.

    Bundles and pictures of some megabytes are made in every thread; what each heap has left over is never given back.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library has no such settings
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 2)
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)
        library.mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK)
