"""Which form a draft map is of, said by a person: a form without a printed date, and ICE's Letter of Interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.editions.catalog import LETTER, get_edition
from assistant.editions.library import FormLibrary
from assistant.editions.recognition import recognise
from assistant.pdf.form.template import compile_template
from tests.unit.made_forms import printed, with_fields
from tests.web.test_mapping import give, opened, typed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

AGREEMENT = [
    (72, 740, "MEMORANDUM OF AGREEMENT"),
    (72, 720, "287(g) Task Force Model"),
    (72, 640, "Agency name:"),
    (72, 600, "Signature:"),
]
BOXES = [("Text1", 1, (180, 636, 400, 652)), ("Text2", 1, (150, 596, 400, 612))]
SAID = {
    "form_id": "moa-tfm", "printed": "no", "day-month": "January", "day-day": "5", "day-year": "2026",
    "title": "Agreement of spring", "words": "287(g) Task Force Model",
}  # fmt: skip


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


def form(folder: Path, lines: Sequence[tuple[float, float, str]]) -> bytes:
    return with_fields(printed(folder / "paper.pdf", lines), folder / "form.pdf", BOXES)


def decide(client: PageClient, address: str) -> None:
    values = typed(client.get(f"{address}pages/1").text)
    values |= {"meaning-1": "agency.legal_name", "format-1": "text", "side-1": "agency", "meaning-2": "signed"}
    assert client.post(f"{address}pages/1", data=values).status_code == 302


def test_a_form_without_a_date_is_kept_by_the_day_it_was_published(
    client: PageClient, parts: Parts, tmp_path: Path
) -> None:
    data = form(tmp_path, AGREEMENT)
    address = str(give(client, data).location)
    assert "not certain which form this is" in client.get(address).text
    refused = client.send(f"{address}keep", version="1", looked="yes")
    assert refused.status_code == 422
    assert 'href="#named"' in refused.text
    page = client.get(f"{address}form").text
    assert 'value="287(g) Task Force Model"' in page, "the words are proposed"
    assert client.post(f"{address}form", data=typed(page) | SAID).location == f"{address}?saved=form"
    assert "01/05/2026 (no revision printed)" in client.get(address).text
    decide(client, address)
    kept = client.send(f"{address}keep", version=str(opened(parts, address).row.version), looked="yes")
    assert kept.status_code == 302, kept.text
    edition = get_edition("moa-tfm/2026-01-05")
    assert (edition.model, edition.revision_text, edition.title) == ("TFM", None, "Agreement of spring")
    assert recognise(compile_template(data)) == edition
    assert FormLibrary([data]).choose("TFM").edition == edition
    listing = client.get("/forms/").text
    assert "01/05/2026 (no revision printed)" in listing
    other = form(tmp_path, [*AGREEMENT, (72, 560, "One more sentence.")])
    assert recognise(compile_template(other)) is None, "another text is another form"
    dated = form(tmp_path, [*AGREEMENT, (72, 30, "Rev. 04/01/2026")])
    assert recognise(compile_template(dated)) is None


def test_a_date_written_in_another_way_is_a_revision_too(client: PageClient, parts: Parts, tmp_path: Path) -> None:
    data = form(tmp_path, [*AGREEMENT, (72, 30, "Version of January 5, 2026")])
    address = str(give(client, data).location)
    values = typed(client.get(f"{address}form").text) | SAID | {"printed": "yes"}
    wrong = client.post(f"{address}form", data=values | {"day-day": "2"})
    assert wrong.status_code == 422
    assert "is not on the first page" in wrong.text
    assert client.post(f"{address}form", data=values).status_code == 302
    draft = opened(parts, address)
    assert (draft.edition.name, draft.identity.revision_text) == ("moa-tfm/2026-01-05", "01/05/2026")
    decide(client, address)
    version = str(opened(parts, address).row.version)
    assert client.send(f"{address}keep", version=version, looked="yes").status_code == 302
    found = recognise(compile_template(data))
    assert found
    assert found.name == "moa-tfm/2026-01-05"


def test_a_letter_of_interest_is_mapped_and_kept(client: PageClient, parts: Parts, tmp_path: Path) -> None:
    letter = [(72, 740, "287(g) Program"), (72, 720, "Letter of Interest"), *AGREEMENT[2:]]
    data = form(tmp_path, letter)
    address = str(give(client, data).location)
    values = typed(client.get(f"{address}form").text)
    assert (opened(parts, address).identity.form_id, values["words"]) == (LETTER, "Letter of Interest")
    client.post(f"{address}form", data=values | SAID | {"form_id": LETTER, "words": values["words"]})
    decide(client, address)
    kept = client.send(f"{address}keep", version=str(opened(parts, address).row.version), looked="yes")
    assert kept.status_code == 302, kept.text
    found = recognise(compile_template(data))
    assert found
    assert (found.name, found.model) == ("letter-of-interest/2026-01-05", None)
    assert client.get("/forms/").status_code == 200
    told = client.get(str(kept.location)).text
    assert "Every application gets the newest letter added here" in told
    assert "until someone switches them" not in told, "a letter is never pinned"


def test_more_is_proposed_once_a_person_says_what_it_is(client: PageClient, parts: Parts, tmp_path: Path) -> None:
    data = form(
        tmp_path, [(72, 720, "A paper of which nothing is known"), (72, 640, "The LEA represents"), AGREEMENT[3]]
    )
    address = str(give(client, data).location)
    assert all(line.sureness == "unknown" for line in opened(parts, address).lines)
    values = typed(client.get(f"{address}form").text) | SAID | {"words": "nothing is known"}
    assert client.post(f"{address}form", data=values).status_code == 302
    assert any(line.decided for line in opened(parts, address).lines)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"form_id": ""}, "Choose which form it is"),
        ({"form_id": "moa-xyz"}, "Choose one of the answers shown"),
        ({"printed": ""}, "Choose whether a revision date is printed"),
        ({"day-month": "", "day-day": "", "day-year": ""}, "Enter the date"),
        ({"day-day": "31", "day-month": "2"}, "a day that exists in the calendar"),
        ({"day-year": "1980"}, "section 287(g) is not older"),
        ({"title": ""}, "Enter a title"),
        ({"words": "of"}, "at least eight letters"),
        ({"words": "words that are not there"}, "are not on the first page in this form"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_box(
    client: PageClient, parts: Parts, tmp_path: Path, changes: dict[str, str], wanted: str
) -> None:
    address = str(give(client, form(tmp_path, AGREEMENT)).location)
    values = typed(client.get(f"{address}form").text) | SAID | changes
    before = opened(parts, address).row.map
    wrong = client.post(f"{address}form", data=values)
    assert wrong.status_code == 422
    assert wrong.text.count(wanted) == 2
    assert opened(parts, address).row.map == before


def test_what_was_typed_stays_where_nothing_is_saved(client: PageClient, parts: Parts, tmp_path: Path) -> None:
    address = str(give(client, form(tmp_path, AGREEMENT)).location)
    values = typed(client.get(f"{address}form").text) | SAID | {"title": "Kept on the page"}
    lost = client.post(f"{address}form", data=values | {"csrf_token": "x"})
    assert lost.status_code == 400
    assert "Kept on the page" in lost.text
    assert opened(parts, address).row.version == 1
    client.post(f"{address}form", data=values | {"title": "Saved by the other"})
    stale = client.post(f"{address}form", data=values)
    assert stale.status_code == 409
    assert "Kept on the page" in stale.text
    assert opened(parts, address).identity.title == "Saved by the other"
