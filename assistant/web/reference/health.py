"""``/healthz`` and ``/readyz``: for whoever watches the server. No data, no sign-in."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, jsonify

from assistant.services.installation.doctor import find_obstacles
from assistant.web.kit.context import parts

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that the process answers; a database that is away does not count."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether pages can be served and saved: database, tables, keys, disk."""
    joined = parts()
    obstacles = find_obstacles(joined.config, joined.engine, joined.keyring)
    status = HTTPStatus.SERVICE_UNAVAILABLE if obstacles else HTTPStatus.OK
    return jsonify(ready=not obstacles, obstacles=obstacles), status
