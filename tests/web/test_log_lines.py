"""The id that a page shows is found in the log of this installation, and the log says nothing of anybody."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from flask.testing import FlaskClient

from assistant.app import create_app

if TYPE_CHECKING:
    from typing import Any

    from assistant.config import Config
    from tests.web.conftest import PageClient


def lines(config: Config) -> list[dict[str, Any]]:
    file = config.log_dir / "wizard.log"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []


def test_the_id_on_a_page_is_in_the_log(client: PageClient, config: Config, filled: str) -> None:
    for address in ("/nowhere/Jordan-Núñez", f"{filled}steps/nowhere", f"{filled}nominees/abcdefgh"):
        page = client.get(address)
        assert page.status_code == 404
        shown = re.search(r"<code>([0-9a-f]{12})</code>", page.text)
        assert shown
        last = lines(config)[-1]
        assert (last["event"], last["request"], last["status"]) == ("refused", shown[1], 404)
    assert client.get(filled).status_code == 200
    text = (config.log_dir / "wizard.log").read_text("utf-8")
    assert len(text.splitlines()) == 3, "a page that was shown is no event"
    assert "Jordan" not in text
    assert filled.strip("/").rpartition("/")[2] not in text


def test_at_the_level_debug_every_request_stands_there_by_its_route(config: Config) -> None:
    chosen = replace(config, log_level="debug")
    app = create_app(chosen)
    client = FlaskClient(app)
    assert client.get("/forms/", base_url="http://127.0.0.1/").status_code == 200
    (line,) = lines(chosen)
    assert (line["event"], line["endpoint"], line["method"], line["status"]) == (
        "request", "forms.listing", "GET", 200,
    )  # fmt: skip
    app.extensions["assistant"].engine.dispose()


def test_at_the_level_error_a_page_that_is_not_there_is_no_event(config: Config) -> None:
    chosen = replace(config, log_level="error")
    app = create_app(chosen)
    assert FlaskClient(app).get("/nowhere", base_url="http://127.0.0.1/").status_code == 404
    assert lines(chosen) == []
    app.extensions["assistant"].engine.dispose()
