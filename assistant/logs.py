"""The log: one JSON line for each event, on standard error and in ``instance/log/wizard.log``.

A line says what happened, where in the program, under which id and on which route: never a value, an address that was
asked for or a name. The file is replaced by a new one when it is large, and a few old ones are kept.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Any, cast

import structlog

if TYPE_CHECKING:
    from io import TextIOWrapper
    from pathlib import Path

    from assistant.config import Config

FILE_NAME = "wizard.log"
MAX_BYTES = 2_000_000
OLD_FILES = 4


class LogFile(RotatingFileHandler):
    """A file that is open only while a line is written, so that several processes may write to it and none holds it.

    Where it cannot be written, because the disk is full for example, the line stands on standard error alone.
    """

    def __init__(self, path: Path) -> None:
        """Name the file; it is made when the first line is written."""
        super().__init__(path, maxBytes=MAX_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        super().emit(record)
        if self.stream is not None:
            with suppress(OSError):  # on a full disk, what is still to be written makes the closing fail as well
                self.stream.close()
            self.stream = cast("TextIOWrapper", None)  # as the base class marks a file that is not open

    def _open(self) -> TextIOWrapper:
        """Open the file, which only this user may read."""

        def private(name: str, flags: int) -> int:
            return os.open(name, flags, 0o600)

        return cast("TextIOWrapper", open(self.baseFilename, self.mode, encoding=self.encoding, opener=private))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class calls it so
        """Leave it at that: the other handler has the line."""


def open_log(config: Config) -> Any:
    """Return the log of one installation; ``log_level`` says which events it takes."""
    # Not from logging.getLogger: two apps in one process would share it, and its file.
    logger = logging.Logger("assistant", config.log_level.upper())  # noqa: LOG001 - as above
    for handler in (logging.StreamHandler(), LogFile(config.log_dir / FILE_NAME)):
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
    return structlog.wrap_logger(
        logger,
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
