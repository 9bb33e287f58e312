"""What a map cannot fill, in the browser: no answer is offered for it, and a trial of nothing is called none."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.unit.made_agreements import Paper, signature_block
from tests.unit.made_forms import blank_paper, pictured, printed, with_fields
from tests.unit.made_turns import drawn_sideways
from tests.unit.test_mapping_unfit import BOXES, LINES
from tests.web.conftest import snapshot
from tests.web.test_mapping import give, number_of, opened, typed

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient

ALL_STANDS = "Every text is in its blank"


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


def test_for_a_line_without_a_field_no_answer_is_offered(client: PageClient, parts: Parts, tmp_path: Path) -> None:
    form = with_fields(printed(tmp_path / "paper.pdf", LINES), tmp_path / "form.pdf", BOXES)
    address = str(give(client, form).location)
    draft = opened(parts, address)
    lines = [line for line in draft.lines if line.places]
    assert len(lines) == 2
    page = client.get(f"{address}pages/1").text
    assert page.count("Not filled: the form has no field here") == 2
    assert page.count('value="agency.legal_name"') == 1, "of the field alone"
    values, number = typed(page), lines[0].number
    refused = client.post(f"{address}pages/1", data=values | {f"meaning-{number}": "agency.address.one_line"})
    assert refused.status_code == 422
    assert f"Blank {number}: choose what goes in." in refused.text
    decided = {f"meaning-{number}": "hand", f"meaning-{lines[1].number}": "out"}
    assert client.post(f"{address}pages/1", data=values | decided).status_code == 302
    assert opened(parts, address).undecided == ()
    trial = unescape(client.get(f"{address}trial/usual/").text)
    assert ALL_STANDS in trial
    assert "not part of this trial" not in trial


def test_a_trial_of_nothing_is_called_none(client: PageClient, parts: Parts, tmp_path: Path) -> None:
    boxes = [("a", 1, (72, 72, 300, 90)), ("b", 1, (72, 172, 300, 190))]
    address = str(give(client, with_fields(blank_paper(tmp_path / "b.pdf"), tmp_path / "c.pdf", boxes)).location)
    trial = client.get(f"{address}trial/usual/").text
    assert ALL_STANDS not in trial
    assert "Nothing was tried" in trial
    assert "2 blanks are not decided yet and not part of this trial." in trial
    number = number_of(opened(parts, address), "a")
    values = typed(client.get(f"{address}pages/1").text) | {f"meaning-{number}": "agency.legal_name"}
    assert client.post(f"{address}pages/1", data=values).status_code == 302
    trial = client.get(f"{address}trial/usual/").text
    assert ALL_STANDS in trial
    assert "1 blank is not decided yet and not part of this trial." in trial


def test_a_map_without_a_blank_is_not_called_decided(client: PageClient, tmp_path: Path) -> None:
    bare = printed(tmp_path / "d.pdf", [(72, 700, "Nothing is asked for here, on any line.")]).read_bytes()
    overview = client.get(str(give(client, bare).location)).text
    assert "Every blank is decided" not in overview
    assert "No blank was found. Look whether the form has one, and add its place on its page." in overview


def test_a_form_that_is_only_pictures_is_refused_when_it_is_given(
    client: PageClient, parts: Parts, tmp_path: Path
) -> None:
    before = snapshot(parts)
    response = give(client, pictured(tmp_path / "scan.pdf").read_bytes())
    assert response.status_code == 422
    assert "has only pictures and no text. Use the form as ICE publishes it" in response.text
    assert snapshot(parts) == before


def test_a_page_whose_lines_run_sideways_says_so_and_takes_no_place(client: PageClient, parts: Parts) -> None:
    paper = Paper("underscores")
    signature_block(paper, ("Signature", "Name", "Date"))
    address = str(give(client, drawn_sideways(paper.data(), 90)).location)
    sentence = "Page 1: its lines run sideways in the file, so nothing can be written on them."
    assert sentence in client.get(address).text
    page = client.get(f"{address}pages/1").text
    assert sentence in page
    assert "Add a place that was not found" not in page
    before = snapshot(parts)
    place = {"left-new": "100", "base-new": "100", "right-new": "200", "version": "1"}
    assert client.send(f"{address}pages/1/places", **place).status_code == 404
    assert snapshot(parts) == before
