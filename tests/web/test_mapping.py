"""An unknown form, mapped in the browser: drawn, corrected, tried, compared, kept, known from then on."""

from __future__ import annotations

import io
import re
import tomllib
from html import unescape
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pikepdf
import pytest

from assistant.editions.catalog import all_editions, get_edition
from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormOnHand
from assistant.mapping.drafts import draft_edition
from assistant.pdf.form.template import compile_template
from assistant.services.form_maps import form_drafts, forms
from tests.unit.made_forms import blank_paper, with_fields
from tests.web.conftest import snapshot
from tests.web.made_up import NOW, add_agency, complete_answers
from tests.web.pages import look_at

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from assistant.services.form_maps.form_drafts import OpenedDraft
    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

FLAT = "moa-tfm/2025-03-07"


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


@pytest.fixture(scope="module")
def new_print(official_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the flat 03/07 form with fields on its lines, and one field of which nothing tells what it is."""
    edition = get_edition(FLAT)
    lines = [(p.page, p.line) for e in edition.entries for p in e.places]
    lines += [(b.page, b.line) for b in edition.left_blank if b.line]
    boxes = [(f"Text{n}", page, (x0 - 1, y - 3, x1 + 1, y + 12)) for n, (page, (x0, y, x1)) in enumerate(lines)]
    boxes.append(("<b>Odd", 2, (300, 400, 420, 414)))
    return with_fields(
        official_forms / "moa-tfm-rev2025-03-07-flat.pdf", tmp_path_factory.mktemp("made") / "a.pdf", boxes
    )


@pytest.fixture(scope="module")
def flat(official_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a form without fields that is no known edition: the flat one with a page twice."""
    out = tmp_path_factory.mktemp("made") / "flat.pdf"
    with pikepdf.open(official_forms / "moa-tfm-rev2025-03-07-flat.pdf") as pdf:
        pdf.pages.append(pdf.pages[11])
        pdf.save(out, static_id=True)
    return out.read_bytes()


def give(client: PageClient, data: bytes) -> TestResponse:
    values = {"csrf_token": client.token(), "form": (io.BytesIO(data), "a.pdf")}
    response = client.post("/forms/drafts/new", data=values)
    response.request.environ["wsgi.input"].close()
    return response


def typed(source: str) -> dict[str, str]:
    """Return what a page's first form with boxes would send, as a browser reads it."""
    page = look_at(source)
    values: dict[str, str] = {}
    select = ""
    for tag, attrs in page.tags:
        if tag == "select":
            select = str(attrs["name"])
        elif tag == "option" and (select not in values or "selected" in attrs):
            values[select] = str(attrs["value"])
        elif tag == "input" and attrs.get("type") in {"text", "hidden"}:
            values.setdefault(str(attrs["name"]), attrs.get("value") or "")
        elif tag == "input" and attrs.get("type") == "checkbox" and "checked" in attrs:
            values[str(attrs["name"])] = str(attrs["value"])
    return values


def opened(parts: Parts, address: str) -> OpenedDraft:
    with parts.reader() as session:
        found = form_drafts.find(session, parts.agency_id, UUID(address.rstrip("/").rpartition("/")[2]))
        found.row.data  # noqa: B018 - read before the session closes
    return found


def number_of(draft: OpenedDraft, blank: str) -> int:
    return next(line.number for line in draft.lines if line.blank == blank)


@pytest.mark.long
def test_a_new_print_is_mapped_tried_compared_and_kept(
    client: PageClient, parts: Parts, new_print: bytes, official_forms: Path
) -> None:
    upload: dict[str, Any] = {"csrf_token": client.token(), "go": "inspect", "form": (io.BytesIO(new_print), "a.pdf")}
    assert "/forms/drafts/new" in client.post("/forms/add", data=upload).text
    for name in ("moa-tfm-rev2025-02-12.pdf", "moa-tfm-rev2025-03-07-flat.pdf"):
        with parts.writer() as session:
            forms.keep(session, (official_forms / name).read_bytes(), now=NOW)
            session.commit()
    address = str(give(client, new_print).location)
    assert give(client, new_print).location == address, "the same form is the same draft"
    page = client.get(address).text
    assert "moa-tfm/2025-03-07.fields" in page
    assert "1 blank not decided yet" in page
    assert "&lt;b&gt;Odd" in page
    draft = opened(parts, address)
    odd = number_of(draft, "<b>Odd")

    refused = client.send(f"{address}keep", version="1", looked="yes")
    assert refused.status_code == 422
    assert f"Page 2, blank {odd}" in refused.text

    source = client.get(f"{address}pages/2").text
    assert client.get(f"{address}pages/2.png").mimetype == "image/png"
    assert f'data-number="{odd}"' in source
    values = typed(source) | {f"meaning-{odd}": "other", f"label-{odd}": "case number"}
    wrong = client.post(f"{address}pages/2", data=values)
    assert wrong.status_code == 422
    assert all(f'href="#{part}-{odd}"' in wrong.text for part in ("reason", "side"))
    saved = client.post(f"{address}pages/2", data=values | {f"side-{odd}": "agency", f"reason-{odd}": "the court’s"})
    assert saved.location == f"{address}pages/3"
    line = next(line for line in opened(parts, address).lines if line.number == odd)
    assert (line.label, line.reason, line.decided) == ("case number", "the court’s", True)

    trial = client.get(f"{address}trial/usual/").text
    assert "Every text is in its blank" in trial
    assert client.get(f"{address}trial/usual/page-9.png").mimetype == "image/png"
    assert client.get(f"{address}trial/other/").status_code == 404
    assert "What changed from moa-tfm/2025-02-12" in client.get(f"{address}compare").text
    older = client.get(f"{address}compare?with=moa-tfm/2025-02-12").text
    assert re.search(r"<h2>New \([1-9]", older)
    assert re.search(r"<h2>Moved \([1-9]", older)
    assert re.search(r"<h2>Resized \([1-9]", older)
    assert "court’s" in older

    file = client.get(f"{address}edition.toml")
    assert tomllib.loads(file.text)["left_blank"]["<b>Odd"]["reason"] == "the court’s"

    again = client.send(f"{address}keep", version="2")
    assert again.status_code == 422
    assert 'href="#looked"' in again.text
    kept = client.send(f"{address}keep", version="2", looked="yes")
    assert kept.location.startswith("/forms/?change=registered")
    assert "The edition is registered" in client.get(kept.location).text
    assert "moa-tfm/2025-03-07.fields" in {edition.name for edition in all_editions()}
    assert client.get(address).status_code == 404
    with parts.reader() as session:
        assert "moa-tfm/2025-03-07.fields" in {form.edition for form in forms.stored_forms(session)}
    assert "already knows this form" in give(client, new_print).text


def test_places_on_a_flat_form_are_moved_added_and_taken_out(client: PageClient, parts: Parts, flat: bytes) -> None:
    address = str(give(client, flat).location)
    draft = opened(parts, address)
    assert not draft.identity.acroform
    source = client.get(f"{address}pages/1").text
    number = number_of(draft, "represents")
    values = typed(source)
    assert float(values[f"left-{number}"]) < float(values[f"right-{number}"])
    for left, wanted in (("12x", "in points, from 0 to 612"), ("700", "from 0 to 612"), ("200", "at least 10 points")):
        wrong = client.post(f"{address}pages/1", data=values | {f"left-{number}": left})
        assert wrong.status_code == 422
        assert wanted in wrong.text
        assert f'value="{left}"' in wrong.text, "what was typed is shown again"
    moved = values | {f"left-{number}": "64.5", f"base-{number}": "570", f"size-{number}": "10"}
    assert client.post(f"{address}pages/1", data=moved).status_code == 302
    line = opened(parts, address).lines[number - 1]
    assert (line.places[0].line[:2], line.places[0].size) == ((64.5, 570.0), 10.0)

    stale = client.post(f"{address}pages/1", data=moved | {f"left-{number}": "70"})
    assert stale.status_code == 409
    assert 'value="70"' in stale.text

    values = typed(client.get(f"{address}pages/15").text)
    added = client.post(
        f"{address}pages/15", data=values | {"go": "add", "left-new": "72", "base-new": "700", "right-new": "300"}
    )
    assert added.status_code == 302
    new = opened(parts, address).lines[-1]
    assert (new.page, new.decided) == (15, False)
    assert f"blank-{new.number}" in client.get(f"{address}pages/15").text
    values = typed(client.get(f"{address}pages/15").text) | {f"meaning-{new.number}": "approvals.governing_body"}
    assert client.post(f"{address}pages/15", data=values).status_code == 302
    assert "Every text is in its blank" in client.get(f"{address}trial/usual/").text
    values = typed(client.get(f"{address}pages/15").text) | {f"meaning-{new.number}": "out"}
    client.post(f"{address}pages/15", data=values)
    assert new.number not in {line.number for line in opened(parts, address).lines}


MISFITS: tuple[tuple[dict[str, str], str], ...] = (
    ({"meaning": "agency.nothing"}, "choose what goes in"),
    ({"meaning": "nominees"}, "choose what goes in"),
    ({"format": "date"}, "cannot be written that way"),
    ({"format": "upper"}, "choose how it is written"),
    ({"side": "ice"}, "nothing is written on ICE’s side"),
    ({"label": " "}, "enter what it is called"),
    ({"label": "a\x00b\x07"}, "delete a control character"),
    ({"size": "40"}, "from 6 to 14 points"),
)


def test_what_cannot_be_is_told_beside_its_box(client: PageClient, parts: Parts, flat: bytes) -> None:
    address = str(give(client, flat).location)
    number = number_of(opened(parts, address), "represents")
    values = typed(client.get(f"{address}pages/1").text)
    before = snapshot(parts, drafts=False)
    for changes, wanted in MISFITS:
        made = values | {f"{key}-{number}": text for key, text in changes.items()}
        wrong = client.post(f"{address}pages/1", data=made)
        assert wrong.status_code == 422
        assert unescape(wrong.text).count(wanted) == 2, changes
    assert snapshot(parts, drafts=False) == before


def test_nothing_is_proposed_for_what_is_no_agreement(client: PageClient, tmp_path: Path) -> None:
    data = with_fields(blank_paper(tmp_path / "b.pdf"), tmp_path / "c.pdf", [("a", 1, (72, 72, 300, 90))])
    address = str(give(client, data).location)
    page = client.get(address).text
    assert "does not look like a form of the 287(g) program" in page
    assert client.get(f"{address}compare").status_code == 200
    values = typed(client.get(f"{address}pages/1").text) | {"meaning-1": "agency.legal_name"}
    assert client.post(f"{address}pages/1", data=values).location == f"{address}?saved=1"
    refused = client.send(f"{address}keep", version="2", looked="yes")
    assert refused.status_code == 422
    assert "There is a problem" in refused.text
    assert "/tmp" not in refused.text  # noqa: S108 - a place that must not be told
    assert client.send(f"{address}remove").status_code == 302
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", b"PK\x03\x04"])
def test_what_is_no_form_is_refused_in_a_sentence(client: PageClient, parts: Parts, data: bytes) -> None:
    before = snapshot(parts)
    response = give(client, data)
    assert response.status_code == 422
    assert 'href="#form"' in response.text
    assert snapshot(parts) == before


def test_a_filled_form_is_not_kept(client: PageClient, parts: Parts, new_print: bytes, flat: bytes) -> None:
    before = snapshot(parts)
    filled = []
    for data in (new_print, flat):
        edition = draft_edition(compile_template(data), all_editions()).edition
        filled.append(fill_form(FormOnHand(edition=edition, data=data), complete_answers(), draft=True).data)
    with pikepdf.open(io.BytesIO(new_print)) as pdf:
        next(field for field in pdf.Root.AcroForm.Fields if str(field.T) == "<b>Odd").V = "Somebody’s name"
        kept = io.BytesIO()
        pdf.save(kept)
    for data in (*filled, kept.getvalue()):
        response = give(client, data)
        assert response.status_code == 422
        assert "This copy is filled in" in response.text
    assert snapshot(parts) == before


def test_a_known_form_needs_no_map(client: PageClient, official_forms: Path) -> None:
    response = give(client, (official_forms / "moa-wso-rev2025-02-14.pdf").read_bytes())
    assert response.status_code == 422
    assert "already knows" in response.text


def test_another_agencys_draft_is_not_found(client: PageClient, parts: Parts, flat: bytes) -> None:
    address = str(give(client, flat).location)
    other = add_agency(parts)
    with parts.writer() as session:
        form_drafts.drafts_of(session, parts.agency_id)[0].agency_id = other
        session.commit()
    assert address not in client.get("/forms/drafts/").text
    before = snapshot(parts)
    for inside in ("", "pages/1", "pages/1.png", "trial/usual/", "trial/usual/page-1.png", "compare", "edition.toml"):
        assert client.get(address + inside).status_code == 404
    for inside in ("pages/1", "keep", "remove"):
        assert client.send(address + inside, version="1", looked="yes").status_code == 404
    assert snapshot(parts) == before


def test_without_its_token_a_page_changes_nothing(client: PageClient, parts: Parts, flat: bytes) -> None:
    address = str(give(client, flat).location)
    values = typed(client.get(f"{address}pages/1").text) | {"label-1": "Kept on the page", "csrf_token": "x"}
    before = snapshot(parts)
    response = client.post(f"{address}pages/1", data=values)
    assert response.status_code == 400
    assert "Kept on the page" in response.text
    for inside in ("keep", "remove"):
        assert client.post(address + inside, data={"looked": "yes"}).status_code == 400
    assert snapshot(parts) == before
