"""What lets Procrastinate work on a connection that somebody else has opened, in their transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from procrastinate import SyncPsycopgConnector
from procrastinate.sync_psycopg_connector import wrap_exceptions
from psycopg.rows import dict_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection, Cursor


class SessionConnector(SyncPsycopgConnector):
    """Runs every query on one open connection; neither commits nor closes it."""

    def __init__(self, connection: Connection[Any]) -> None:
        """Keep the connection."""
        super().__init__()
        self._connection = connection

    @contextmanager
    def _get_cursor(self, connection: Connection[Any] | None = None) -> Iterator[Cursor[Any]]:
        with (connection or self._connection).cursor(row_factory=dict_row) as cursor:
            yield cursor

    @wrap_exceptions()
    def execute_query(self, query: Any, **arguments: Any) -> None:
        """Run a query that returns nothing of interest."""
        with self._get_cursor() as cursor:
            cursor.execute(query, self._wrap_json(arguments))
