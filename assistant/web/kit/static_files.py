"""Our own style and script, and the installed page style (USWDS): under a name with their hash, kept for a year.

A compressed twin beside a file (``uswds.min.css.gz``) is sent to a browser that takes it.
"""

from __future__ import annotations

import gzip
import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request, send_file, url_for
from werkzeug.security import safe_join

from assistant import config
from assistant.cache import FileState, LruCache, file_state

if TYPE_CHECKING:
    from flask import Flask

bp = Blueprint("files", __name__)

OWN = Path(__file__).resolve().parents[2] / "static"
STYLE = "css/uswds.min.css"
FOREVER = "public, max-age=31536000, immutable"
HASH_LETTERS = 12
NOT_SERVED = "models/"
"""The folder of what reads pictures of pages; no page asks for it."""
# Not asked of the machine: a Windows registry that calls CSS plain text would have the browser refuse the style.
KINDS = {
    ".css": "text/css",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".md": "text/plain",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
WORTH_COMPRESSING = frozenset({".css", ".js", ".svg", ".txt", ".ttf"})


@bp.get("/static/<digest>/<path:name>")
def own(digest: str, name: str) -> Response:
    """Send one of our own files."""
    return _send(OWN, name, fresh=digest == own_digest(name))


@bp.get("/assets/<digest>/<path:name>")
def asset(digest: str, name: str) -> Response:
    """Send a file of the installed page style."""
    folder = config.assets_dir()
    if folder is None:
        abort(HTTPStatus.NOT_FOUND)
    return _send(folder, name, fresh=digest == assets_digest())


def _send(folder: Path, name: str, *, fresh: bool) -> Response:
    """Send a file; ``fresh`` says that its address has the hash of now."""
    place = safe_join(str(folder), name)
    if place is None or not Path(place).is_file() or name.endswith((".gz", "/")) or name.startswith(NOT_SERVED):
        abort(HTTPStatus.NOT_FOUND)
    path = Path(place)
    kind = KINDS.get(path.suffix, "application/octet-stream")
    compressed = path.suffix in WORTH_COMPRESSING and "gzip" in request.headers.get("Accept-Encoding", "")
    if compressed:
        twin = path.with_name(f"{path.name}.gz")
        response = send_file(twin, mimetype=kind) if twin.is_file() else Response(_gzipped(path), mimetype=kind)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_file(path, mimetype=kind)
    response.headers["Vary"] = "Accept-Encoding"
    # An old name gives the present file, but must not be kept.
    response.headers["Cache-Control"] = FOREVER if fresh else "no-cache"
    return response


_digests: LruCache[FileState, str] = LruCache(64)
_compressed: LruCache[FileState, bytes] = LruCache(64, max_bytes=8_000_000, size_of=len)


def _gzipped(path: Path) -> bytes:
    return _compressed.get_or_make(file_state(path), lambda: gzip.compress(path.read_bytes(), mtime=0))


def own_digest(name: str) -> str:
    """Return the hash under which one of our own files goes out; "none" for a file that is not there."""
    return _digest_of(OWN / name) or "none"


def assets_digest() -> str | None:
    """Return the hash under which the page style goes out; None where it is not installed."""
    folder = config.assets_dir()
    return _digest_of(folder / STYLE) if folder else None


def _digest_of(path: Path) -> str | None:
    try:
        state = file_state(path)
        return _digests.get_or_make(state, lambda: hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_LETTERS])
    except (OSError, ValueError):  # a zero byte in a name
        return None


def style_addresses() -> list[str]:
    """Return the addresses of the style sheets, ours last so that it has the last word."""
    digest = assets_digest()
    installed = [url_for("files.asset", digest=digest, name=STYLE)] if digest else []
    return [*installed, url_for("files.own", digest=own_digest("app.css"), name="app.css")]


def script_address() -> str:
    """Return the address of our script, which only adds comfort."""
    return url_for("files.own", digest=own_digest("app.js"), name="app.js")


def register_template_helpers(app: Flask) -> None:
    """Let every page ask for the addresses of styles and script."""
    app.jinja_env.globals.update(own_digest=own_digest, style_addresses=style_addresses, script_address=script_address)
