"""A connection of waitress that has a limited time to send a request.

``channel_timeout`` counts silence only: who sends a byte every few seconds would hold a connection for ever.
"""

from __future__ import annotations

from time import monotonic

from waitress.channel import HTTPChannel

HEAD_SECONDS, REQUEST_SECONDS = 30, 300
"""From the first byte of a request to the end of its head, and to its end."""


class TimedChannel(HTTPChannel):
    """Closes itself where a request that has begun is not whole in time."""

    _began = 0.0
    """When the first byte of the request came that is not whole yet."""

    def received(self, data: bytes) -> bool:
        """Take what came in; what takes too long is not answered."""
        was_handled: bool = super().received(data)
        request = self.request
        if request is None:
            self._began = 0.0
        elif not self._began:
            self._began = monotonic()
        elif not self.requests:  # else an earlier request on this connection is being answered
            limit = REQUEST_SECONDS if request.headers_finished else HEAD_SECONDS
            self.will_close = self.will_close or monotonic() - self._began > limit
        return was_handled
