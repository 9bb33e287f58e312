"""A connection to PostgreSQL that gives up when the server does not answer, so that no request waits forever.

A server that is cut off may leave the connection open and silent; neither psycopg nor the system notices for hours.
Knows psycopg alone, and is imported only where PostgreSQL is used.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Generator

ANSWER_SECONDS = 60
"""How long a server may stay silent; a lock is waited for and a table is read well within it."""


class LimitedConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server stays silent for ``answer_seconds``; None waits without end."""

    answer_seconds: float | None = ANSWER_SECONDS

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        """Wait for the answer to what was sent.

        Raises:
            psycopg.OperationalError: there was none.
        """
        limit = self.answer_seconds
        return super().wait(gen if limit is None else self._limited(gen, limit), *args, **kwargs)

    def _limited(self, gen: Generator[Any, Any, Any], seconds: float) -> Generator[Any, Any, Any]:
        """Pass on what psycopg waits for; it asks again every tenth of a second, with nothing ready."""
        last = monotonic()
        try:
            request = next(gen)
            while True:
                ready = yield request
                if ready:
                    last = monotonic()
                elif monotonic() - last > seconds:
                    self.pgconn.finish()
                    message = "the server does not answer"
                    raise psycopg.OperationalError(message)
                request = gen.send(ready)
        except StopIteration as end:
            return end.value


def connect(*args: Any, **kwargs: Any) -> LimitedConnection:
    """Return a connection, as ``psycopg.connect`` does."""
    return LimitedConnection.connect(*args, **kwargs)
