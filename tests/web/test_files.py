"""Styles and script: long-lived under their hash, compressed, and nothing else of the disk."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import config
from assistant.web.kit import static_files

if TYPE_CHECKING:
    from tests.web.conftest import PageClient


def test_own_files_are_kept_for_a_year_under_their_hash(client: PageClient) -> None:
    address = re.search(r'href="(/static/[^"]+/app.css)"', client.get("/").text)
    assert address
    response = client.get(address[1])
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.mimetype == "text/css"
    old = client.get("/static/000000000000/app.css")
    assert old.data == response.data
    assert old.headers["Cache-Control"] == "no-cache"


def test_a_browser_that_takes_it_gets_it_compressed(
    client: PageClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "css").mkdir()
    style = tmp_path / "css" / "uswds.min.css"
    style.write_text("a { color: blue }" * 1000)
    monkeypatch.setattr("assistant.config.assets_dir", lambda: tmp_path)
    address = re.search(r'href="(/assets/[^"]+)"', client.get("/").text)
    assert address
    for twin in (False, True):
        if twin:
            Path(f"{style}.gz").write_bytes(gzip.compress(style.read_bytes()))
        response = client.get(address[1], headers={"Accept-Encoding": "gzip, br"})
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.data) == style.read_bytes()
        assert response.headers["Vary"] == "Accept-Encoding"
        assert client.get(address[1]).data == style.read_bytes()
    assert client.get(f"{address[1]}.gz").status_code == 404


@pytest.mark.parametrize(
    "name",
    ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "/etc/passwd", "nothing.css", "", "app.css/", "..\\app.py", "%00"],
)
def test_nothing_else_of_the_disk_is_sent(client: PageClient, name: str) -> None:
    for root in ("static", "assets"):
        response = client.get(f"/{root}/x/{name}")
        assert response.status_code in {404, 308}
        assert "create_app" not in response.text


def test_what_a_file_is_does_not_depend_on_the_machine(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mimetypes.guess_type", lambda *_, **__: ("text/plain", None))
    for name, kind in {"app.css": "text/css", "app.js": "text/javascript"}.items():
        assert client.get(f"/static/x/{name}").mimetype == kind


def test_every_file_of_the_page_style_has_its_kind() -> None:
    folder = config.assets_dir()
    if folder is None:
        pytest.skip("the page style is not installed")
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    served = {path.suffix for path in files if path.parts[0] != "models"} - {"", ".gz"}
    assert served <= static_files.KINDS.keys()
