"""The loop of the server: it ends when asked to, once every request that has come is answered.

waitress itself, when a signal stops it, drops the connections whose requests are still worked on: what they saved is
safe, and the person sees an error of the browser.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FINISH_SECONDS = 60.0
"""A request that takes longer than this after the order to stop is dropped; one that waits for its turn has as long."""
TURN_SECONDS, LAST_TURNS_SECONDS = 1.0, 0.1
"""How long one turn of the loop waits for something to happen; the same while the last requests are answered."""


class RequestLoop:
    """The loop of a waitress server; ``dispatchers`` is the map of sockets that the server was made with."""

    def __init__(self, server: Any, dispatchers: dict[int, Any], *, poll: bool) -> None:
        """Keep them; ``poll``: whether ``poll`` looks at the sockets, and not ``select``."""
        self._server, self._dispatchers, self._poll = server, dispatchers, poll
        self._orders = 0

    def stop(self) -> None:
        """Take no new connection, and end once every request is answered; asked a second time, end at once.

        A signal may call it.
        """
        self._orders += 1
        for one in self._dispatchers.values():
            if hasattr(one, "pull_trigger"):
                one.pull_trigger()
                break

    def run(self, on_wait: Callable[[], None] = lambda: None) -> None:
        """Answer requests until ``stop``; ``on_wait`` is called where requests are still worked on then."""
        while not self._orders:
            self._turn(TURN_SECONDS)
        for one in list(self._dispatchers.values()):
            if getattr(one, "accepting", False):
                wasyncore.dispatcher.close(one)  # its own would also end what wakes the loop
        if self._busy_channels():
            on_wait()
        end = monotonic() + FINISH_SECONDS
        while self._orders == 1 and self._busy_channels() and monotonic() < end:
            self._close_idle_channels()
            self._turn(LAST_TURNS_SECONDS)
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._dispatchers)

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=self._poll, map=self._dispatchers, count=1)

    def _channels(self) -> Iterator[HTTPChannel]:
        yield from (one for one in list(self._dispatchers.values()) if isinstance(one, HTTPChannel))

    def _busy_channels(self) -> bool:
        return any(_is_busy(channel) for channel in self._channels())

    def _close_idle_channels(self) -> None:
        """Close the connections on which a browser waits for its next request: there will be none."""
        for channel in self._channels():
            if not _is_busy(channel):
                channel.will_close = True


def _is_busy(channel: HTTPChannel) -> bool:
    """Return whether a request comes in, is worked on, or its answer goes out."""
    return bool(channel.request is not None or channel.requests or channel.total_outbufs_len)
