"""A page of a map in two tabs, a place added beside other answers, an edition kept twice: nothing typed is lost."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from assistant.editions.catalog import LETTER, all_editions
from assistant.editions.recognition import recognise
from assistant.pdf.form.template import compile_template
from tests.unit.made_forms import printed, with_fields
from tests.web.made_up import draft_of_a_flat_form
from tests.web.test_mapping import give, opened, typed
from tests.web.test_mapping_decided import lines
from tests.web.test_mapping_identity import AGREEMENT, SAID, decide

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.web.kit.context import Parts
    from tests.web.conftest import PageClient


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


@pytest.fixture
def address(client: PageClient) -> str:
    """Return the address of a draft of a form without fields that has some lines on its first page."""
    return draft_of_a_flat_form(client)


def two(parts: Parts, address: str) -> tuple[int, int]:
    first, second = lines(parts, address)[:2]
    return first.number, second.number


def path_of(parts: Parts, address: str, number: int) -> str:
    return next(line.path for line in lines(parts, address) if line.number == number)


def test_what_another_tab_saved_is_not_wiped(client: PageClient, parts: Parts, address: str) -> None:
    one, other = two(parts, address)
    shown = typed(client.get(f"{address}pages/1").text)
    first = shown | {f"meaning-{one}": "agency.county"}
    assert client.post(f"{address}pages/1", data=first).status_code == 302
    second = client.post(f"{address}pages/1", data=shown | {f"meaning-{other}": "agency.email"})
    assert second.status_code == 302, "two people changed two blanks"
    assert path_of(parts, address, one) == "agency.county"
    assert path_of(parts, address, other) == "agency.email"


def test_what_both_tabs_changed_is_told_beside_its_box(client: PageClient, parts: Parts, address: str) -> None:
    one, _ = two(parts, address)
    shown = typed(client.get(f"{address}pages/1").text)
    theirs = {f"meaning-{one}": "approvals.counsel_reviewed_on", f"label-{one}": "their name"}
    client.post(f"{address}pages/1", data=shown | theirs)
    second = client.post(
        f"{address}pages/1", data=shown | {f"meaning-{one}": "agency.email", f"left-{one}": "100", "label-9999": "x"}
    )
    assert second.status_code == 409
    page = unescape(second.text)
    assert "Theirs: Counsel: date of review; As a date: January 5, 2026" in page
    assert "Mine: Agency: email; As it was typed" in page
    assert page.count("choose which answer to keep") == 1, "the name is theirs and the place is mine"
    again = typed(second.text) | {"asked": f"meaning-{one}"}
    assert "cannot be written that way" not in page
    kept = (again[f"meaning-{one}"], again[f"label-{one}"], again[f"left-{one}"])
    assert kept == ("agency.email", "their name", "100"), "a name that nobody typed here is theirs"
    assert client.post(f"{address}pages/1", data=again).status_code == 422, "nothing is chosen yet"
    assert client.post(f"{address}pages/1", data=again | {f"keep-meaning-{one}": "mine"}).status_code == 302
    assert path_of(parts, address, one) == "agency.email"


def test_theirs_is_kept_where_it_is_chosen(client: PageClient, parts: Parts, address: str) -> None:
    one, other = two(parts, address)
    shown = typed(client.get(f"{address}pages/1").text)
    client.post(f"{address}pages/1", data=shown | {f"meaning-{one}": "agency.county"})
    second = client.post(
        f"{address}pages/1", data=shown | {f"meaning-{one}": "agency.email", f"meaning-{other}": "agency.phone"}
    )
    choice = typed(second.text) | {"asked": f"meaning-{one}", f"keep-meaning-{one}": "theirs"}
    assert client.post(f"{address}pages/1", data=choice).status_code == 302
    assert (path_of(parts, address, one), path_of(parts, address, other)) == ("agency.county", "agency.phone")


def test_a_third_save_is_asked_about_too(client: PageClient, parts: Parts, address: str) -> None:
    one, _ = two(parts, address)
    shown = typed(client.get(f"{address}pages/1").text)
    client.post(f"{address}pages/1", data=shown | {f"meaning-{one}": "agency.county"})
    second = client.post(f"{address}pages/1", data=shown | {f"meaning-{one}": "agency.email"})
    choice = typed(second.text) | {"asked": f"meaning-{one}", f"keep-meaning-{one}": "mine"}
    third = typed(client.get(f"{address}pages/1").text) | {f"meaning-{one}": "agency.represents"}
    client.post(f"{address}pages/1", data=third)
    again = client.post(f"{address}pages/1", data=choice)
    assert again.status_code == 409
    assert "Theirs: Agency: county, city, State or tribe it represents" in unescape(again.text)
    assert "checked" not in again.text.partition("Theirs:")[0], "a new question has no answer yet"
    choice = typed(again.text) | {"asked": f"meaning-{one}", f"keep-meaning-{one}": "mine"}
    assert client.post(f"{address}pages/1", data=choice).status_code == 302
    assert path_of(parts, address, one) == "agency.email"


def test_an_error_does_not_make_an_old_page_new(client: PageClient, parts: Parts, address: str) -> None:
    one, other = two(parts, address)
    shown = typed(client.get(f"{address}pages/1").text)
    client.post(f"{address}pages/1", data=shown | {f"meaning-{one}": "agency.county"})
    for poor in ({"csrf_token": "x"}, {f"left-{other}": "x"}):
        response = client.post(f"{address}pages/1", data=shown | poor)
        assert typed(response.text)[f"meaning-{one}"] == "agency.county"


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_blank_that_was_taken_out_meanwhile_can_be_put_back(
    client: PageClient, parts: Parts, address: str, choice: str
) -> None:
    one, other = two(parts, address)
    before = {line.number: line for line in lines(parts, address)}
    shown = typed(client.get(f"{address}pages/1").text)
    client.post(f"{address}pages/1", data=shown | {f"meaning-{one}": "out"})
    quiet = client.post(f"{address}pages/1", data=shown | {f"meaning-{other}": "agency.phone"})
    assert quiet.status_code == 302, "nobody changed what was taken out"
    mine = client.post(f"{address}pages/1", data=shown | {f"meaning-{one}": "agency.email"})
    assert mine.status_code == 409
    assert f"Blank {one}, {before[one].label}: removed from the map" in unescape(mine.text)
    values = typed(mine.text) | {"asked": f"gone-{one}", f"keep-gone-{one}": choice}
    assert values[f"meaning-{one}"] == "agency.email", "what was entered travels along"
    assert client.post(f"{address}pages/1", data=values).status_code == 302
    after = {line.number: line for line in lines(parts, address)}
    assert (one in after) is (choice == "mine")
    if choice == "mine":
        assert (after[one].path, after[one].places) == ("agency.email", before[one].places)
    assert after[other].path == "agency.phone"


def test_who_changed_another_page_stops_nobody(client: PageClient, parts: Parts, address: str) -> None:
    one, _ = two(parts, address)
    shown = typed(client.get(f"{address}pages/1").text)
    identity = typed(client.get(f"{address}form").text) | SAID | {"form_id": "moa-tfm", "printed": "no"}
    identity["words"] = identity["words"] or "Memorandum of Agreement"
    client.post(f"{address}form", data=identity)
    saved = client.post(f"{address}pages/1", data=shown | {"version": "0", f"meaning-{one}": "agency.email"})
    assert saved.status_code == 302
    assert path_of(parts, address, one) == "agency.email"


@pytest.mark.parametrize("was", ["", "no JSON", "[1]", '{"blank": "another"}', '{"blank": 3}'])
def test_a_page_that_does_not_say_what_it_showed_wipes_nothing_unseen(
    client: PageClient, parts: Parts, address: str, was: str
) -> None:
    one, _ = two(parts, address)
    shown = typed(client.get(f"{address}pages/1").text)
    client.post(f"{address}pages/1", data=shown | {f"meaning-{one}": "agency.county"})
    response = client.post(f"{address}pages/1", data=shown | {f"was-{one}": was})
    assert response.status_code == 409
    assert f'name="keep-meaning-{one}"' in response.text
    assert path_of(parts, address, one) == "agency.county"


def test_adding_a_place_saves_what_was_chosen_above(client: PageClient, parts: Parts, address: str) -> None:
    one, _ = two(parts, address)
    page = client.get(f"{address}pages/1").text
    place = {"left-new": "72", "base-new": "60", "right-new": "300"}
    chosen = typed(page) | {f"meaning-{one}": "agency.county", "go": "add"}
    wrong = client.post(f"{address}pages/1", data=chosen | place | {"right-new": "far"})
    assert wrong.status_code == 422
    assert 'href="#right-new"' in wrong.text
    again = typed(wrong.text)
    assert (again[f"meaning-{one}"], again["right-new"]) == ("agency.county", "far")
    empty = client.post(f"{address}pages/1", data=chosen)
    assert empty.status_code == 422
    assert 'href="#left-new"' in empty.text
    saved = client.post(f"{address}pages/1", data=chosen | place)
    added = lines(parts, address)[-1]
    assert saved.location == f"{address}pages/1#blank-{added.number}"
    assert path_of(parts, address, one) == "agency.county"
    assert added.places[0].line == (72.0, 60.0, 300.0)


def test_a_place_that_was_typed_is_added_by_any_button(client: PageClient, parts: Parts, address: str) -> None:
    before = len(lines(parts, address))
    values = typed(client.get(f"{address}pages/1").text) | {"left-new": "72", "base-new": "60", "right-new": "300"}
    assert client.post(f"{address}pages/1", data=values | {"go": "later"}).status_code == 302
    assert len(lines(parts, address)) == before + 1


def letter(folder: Path, across: int) -> bytes:
    """Return a Letter of Interest dated January 5, 2026, its fields as far to the right as said."""
    texts = [(72, 740, "287(g) Program"), (72, 720, "Letter of Interest"), *AGREEMENT[2:], (72, 30, f"Print {across}")]
    paper = printed(folder / "paper.pdf", texts)
    boxes = [(f"A{across}", 1, (180 + across, 636, 400, 652)), (f"B{across}", 1, (150, 596, 400, 612))]
    return with_fields(paper, folder / "form.pdf", boxes)


def ready(client: PageClient, data: bytes) -> str:
    """Return the address of a draft of which only has to be said that it is kept."""
    address = str(give(client, data).location)
    values = typed(client.get(f"{address}form").text)
    values |= SAID | {"form_id": LETTER, "words": values["words"]}
    assert client.post(f"{address}form", data=values).status_code == 302
    decide(client, address)
    return address


def test_an_edition_that_is_kept_twice_leads_to_the_list(client: PageClient, tmp_path: Path) -> None:
    address = ready(client, letter(tmp_path, 0))
    values = typed(client.get(f"{address}keep").text) | {"looked": "yes"}
    first = client.post(f"{address}keep", data=values)
    second = client.post(f"{address}keep", data=values)
    assert (second.status_code, second.location) == (302, first.location)
    assert "The edition is registered" in client.get(str(second.location)).text
    assert client.get(f"{address}keep").status_code == 404
    assert client.post(f"{address}keep", data=values | {"form": "0" * 64}).status_code == 404


def test_two_drafts_of_one_date_can_both_be_kept(client: PageClient, parts: Parts, tmp_path: Path) -> None:
    data = [letter(tmp_path, across) for across in (0, 20)]
    one, other = (ready(client, file) for file in data)
    client.post(f"{one}keep", data=typed(client.get(f"{one}keep").text) | {"looked": "yes"})
    page = client.get(f"{other}keep").text
    assert "There is already an edition letter-of-interest/2026-01-05" in page
    refused = client.post(f"{other}keep", data=typed(page) | {"looked": "yes"})
    assert refused.status_code == 422
    assert 'href="#taken"' in refused.text
    assert f'href="{other}form"' in refused.text
    assert "folder" not in refused.text
    identity = client.get(f"{other}form").text
    assert "save the page. A word after the date" in identity
    assert client.post(f"{other}form", data=typed(identity) | {"form_id": LETTER, "printed": "no"}).status_code == 302
    assert opened(parts, other).edition.name == "letter-of-interest/2026-01-05.fields"
    kept = client.post(f"{other}keep", data=typed(client.get(f"{other}keep").text) | {"looked": "yes"})
    assert kept.status_code == 302, kept.text
    names = {edition.name for edition in all_editions()}
    assert {"letter-of-interest/2026-01-05", "letter-of-interest/2026-01-05.fields"} <= names
    found = recognise(compile_template(data[1]))
    assert found
    assert found.name == "letter-of-interest/2026-01-05.fields"
