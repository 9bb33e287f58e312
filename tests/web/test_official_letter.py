"""ICE's Letter of Interest in the browser: mapped, kept, shown, exported, and the plain letter once it is removed."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from assistant.answers import with_path
from tests.unit.made_letters import letter_pdf
from tests.web.made_up import add_application, complete_answers
from tests.web.test_mapping import give, number_of, opened, typed

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

NAME = "01-letter-of-interest.pdf"


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


def keep(client: PageClient, data: bytes) -> None:
    address = str(give(client, data).location)
    page = client.get(f"{address}keep").text
    assert "instead of the agency’s own letter" in page
    kept = client.send(f"{address}keep", version="1", looked="yes")
    assert kept.status_code == 302, kept.text


@pytest.mark.parametrize("fields", [True, False], ids=["with fields", "flat"])
def test_a_letter_is_kept_shown_exported_and_removed(client: PageClient, filled: str, *, fields: bool) -> None:
    before = client.get(f"{filled}documents/").text
    assert "Letter of interest, the agency’s own" in before
    assert "the agency’s own letter, because ICE’s form has not been added" in before
    assert "map the Letter of Interest" in client.get("/forms/").text
    blank = letter_pdf(fields=fields)
    keep(client, blank)
    listing = client.get("/forms/?change=registered").text
    assert "letter-of-interest/2026-01-05" in listing
    assert "map the Letter of Interest" not in listing
    after = client.get(f"{filled}documents/").text
    assert "Letter of Interest, ICE’s form" in after
    assert "ICE’s form, revision 01/05/2026" in after
    assert "the agency’s own" not in after
    assert "In use: ICE’s form, revision 01/05/2026" in client.get(f"{filled}editions/").text
    assert client.get(f"{filled}documents/{NAME}/file").data.startswith(blank)
    preview = client.get(f"{filled}documents/{NAME}/").text
    assert "<h1>Letter of Interest, ICE’s form</h1>" in preview
    assert str(complete_answers().agency.legal_name) in preview
    result = str(client.send(f"{filled}exports/").location)
    assert "Letter of Interest, ICE’s form" in client.get(result).text
    exported = client.get(f"{result}bundle.zip").data
    archive = zipfile.ZipFile(io.BytesIO(exported))
    files = {info.filename.rpartition("/")[2]: archive.read(info) for info in archive.infolist()}
    assert files[NAME].startswith(blank)
    (row,) = [row for row in json.loads(files["manifest.json"])["files"] if row["name"] == NAME]
    assert (row["edition"], row["official_bytes"]) == ("letter-of-interest/2026-01-05", len(blank))
    sha256 = row["official_sha256"]
    assert "plain letter" in client.get(f"/forms/{sha256}/remove").text
    assert client.send(f"/forms/{sha256}/remove").status_code == 302
    assert "Letter of interest, the agency’s own" in client.get(f"{filled}documents/").text
    assert "Letter of Interest, ICE’s form" in client.get(result).text
    assert client.get(f"{result}bundle.zip").data == exported, "what was exported stays downloadable"


def test_what_the_letter_has_no_room_for_is_told_beside_the_answer(client: PageClient, parts: Parts) -> None:
    keep(client, letter_pdf(fields=True))
    answers = with_path(complete_answers(), "program_contact.title", "Captain, " + "Patrol and Special Duties, " * 3)
    address = f"/applications/{add_application(parts, parts.agency_id, answers)}/"
    page = client.get(f"{address}steps/program-contact").text
    assert "its tightest blank (Letter of Interest, page 1)" in page
    assert "enter a shorter wording" in page
    assert "letter of interest, p. 1" in client.get(f"{address}review/").text


def test_a_blank_of_it_takes_the_models_or_is_ticked_by_hand(client: PageClient, parts: Parts) -> None:
    address = str(give(client, letter_pdf(fields=True)).location)
    draft = opened(parts, address)
    models, box = number_of(draft, "models"), number_of(draft, "box 1")
    page = client.get(f"{address}pages/1").text
    values = typed(page)
    assert (values[f"meaning-{models}"], values[f"format-{models}"]) == ("models", "model-names")
    assert values[f"meaning-{box}"] == "ticked"
    assert client.post(f"{address}pages/1", data=values | {f"format-{models}": "text"}).status_code == 302
    line = next(line for line in opened(parts, address).lines if line.number == models)
    assert (line.path, line.format) == ("models", "text")
    values = typed(client.get(f"{address}pages/1").text)
    wrong = client.post(f"{address}pages/1", data=values | {f"format-{models}": "phone"})
    assert "this answer cannot be written that way" in wrong.text
    trial = client.get(f"{address}trial/usual/")
    assert trial.status_code == 200


def test_a_person_may_say_that_a_form_is_the_letter(client: PageClient, parts: Parts) -> None:
    data = letter_pdf(fields=True, title="Request for a Memorandum of Agreement, 287(g)")
    address = str(give(client, data).location)
    assert opened(parts, address).identity.form_id == "unknown"
    values = typed(client.get(f"{address}form").text) | {
        "form_id": "letter-of-interest", "printed": "yes", "title": "Letter of Interest", "words": "Request for a Memo",
        "day-month": "1", "day-day": "5", "day-year": "2026",
    }  # fmt: skip
    assert client.post(f"{address}form", data=values).status_code == 302
    draft = opened(parts, address)
    assert draft.edition.name == "letter-of-interest/2026-01-05"
    assert {"models", "ice.addressee"} <= {line.path for line in draft.lines}
