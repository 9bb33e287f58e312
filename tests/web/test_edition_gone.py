"""An edition that an application stays with is gone: every page works and says what to do; nothing is exported."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from assistant.answers import dump
from assistant.cli import main as cli
from assistant.editions.catalog import all_editions
from tests.web.conftest import snapshot
from tests.web.made_up import add_application, complete_answers
from tests.web.test_editions import answers_of

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

SENTENCE = (
    "The edition moa-tfm/2024-01-01, which this application uses for the TFM agreement, is missing or cannot be read. "
    "Choose another edition under “Editions of the forms”."
)
GONE = replace(complete_answers(), editions=MappingProxyType({"TFM": "2024-01-01"}))


@pytest.fixture
def public_id(parts: Parts) -> UUID:
    return add_application(parts, parts.agency_id, GONE)


def test_every_page_works_and_says_what_is_missing(client: PageClient, public_id: UUID) -> None:
    base = f"/applications/{public_id}/"
    for inside in ("", "steps/agency", "steps/models", "nominees/", "review/", "documents/", "editions/"):
        response = client.get(base + inside)
        assert response.status_code == 200, inside
    assert SENTENCE in unescape(client.get(f"{base}review/").text)
    assert SENTENCE in unescape(client.get(f"{base}documents/").text)
    assert "2024-01-01, which this application uses, is missing" in client.get(base).text
    assert f'href="{base}editions/"' in client.get(f"{base}review/").text
    listing = client.get(f"{base}editions/").text
    assert "someone restore the folder instance/forms/moa-tfm/2024-01-01" in listing
    assert "A newer one is registered" not in listing
    move = client.get(f"{base}editions/TFM/2025-03-07").text
    assert "The edition in use is missing, so this program cannot tell" in move
    assert "Nothing prints differently" not in move
    assert "You can switch back" not in move


def test_the_export_is_refused_with_that_sentence(client: PageClient, parts: Parts, public_id: UUID) -> None:
    base = f"/applications/{public_id}/"
    before = snapshot(parts)
    for response in (client.send(f"{base}exports/"), client.get(f"{base}documents/04-checklist.pdf/file")):
        assert response.status_code == 422
        assert SENTENCE in unescape(response.text)
    assert snapshot(parts) == before


def test_what_was_exported_before_can_still_be_downloaded(
    client: PageClient, parts: Parts, public_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = f"/applications/{public_id}/"
    client.send(f"{base}editions/TFM/2025-03-07", version="1")
    exported = str(client.send(f"{base}exports/").location)
    data = client.get(f"{exported}bundle.zip").data
    known = all_editions()
    less = tuple(edition for edition in known if edition.name != "moa-tfm/2025-03-07")
    monkeypatch.setattr("assistant.editions.catalog.all_editions", lambda: less)
    assert "Download the bundle" in client.get(exported).text
    assert client.get(f"{exported}bundle.zip").data == data
    assert dict(answers_of(parts, public_id).editions) == {"TFM": "2025-03-07"}


def test_another_edition_mends_it(client: PageClient, parts: Parts, public_id: UUID) -> None:
    base = f"/applications/{public_id}/"
    moved = client.send(f"{base}editions/TFM/2025-03-07", version="1", before="2024-01-01")
    assert "Switch back" not in client.get(str(moved.location)).text
    assert SENTENCE not in unescape(client.get(f"{base}review/").text)
    assert client.send(f"{base}exports/").status_code == 302
    assert replace(answers_of(parts, public_id), editions=GONE.editions) == GONE


@pytest.mark.parametrize("command", ["review", "export"])
def test_answers_that_name_such_an_edition_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file, out = tmp_path / "answers.json", tmp_path / "out.zip"
    file.write_text(dump(GONE), "utf-8")
    more = ["--out", str(out), "--draft"] if command == "export" else []
    assert cli.run(["application", command, str(file), "--forms", str(tmp_path), *more]) == 2
    assert "There is no TFM edition 2024-01-01" in capsys.readouterr().err
    assert not out.exists()
