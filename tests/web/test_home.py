"""The first page: what an agency gets, and each application as a card that says the same as its task list."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import event

from assistant.answers import Answers, with_path
from assistant.rules import all_rules
from assistant.rules.invalid import INVALID
from assistant.services.application import applications
from assistant.web.application.application_cards import MOST_NOMINEES
from assistant.web.application.papers_to_get import PAPERS
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from uuid import UUID

    from assistant.web.kit.context import Parts
    from tests.web.conftest import Clock, PageClient


def cards(page: str) -> dict[str, str]:
    """Return the text and the addresses of each card, by the address of its task list."""
    # The token of a form holds the second in which it was made.
    page = re.sub(r'name="csrf_token" value="[^"]+"', "", page)
    found = re.findall(r'<li class="cards__card home-card">(.*?)</li>', page, flags=re.DOTALL)
    return {re.search(r'<h3><a class="usa-link" href="([^"]+)"', card)[1]: html.unescape(card) for card in found}  # type: ignore[index]


def home_and_task_list(client: PageClient, public_id: UUID) -> tuple[str, str]:
    """Return (progress and next step) as the first page and as the task list say them; they must be the same."""
    card = cards(client.get("/").text)[f"/applications/{public_id}/"]
    page = html.unescape(client.get(f"/applications/{public_id}/").text)
    return _progress(card), _progress(page)


def _progress(text: str) -> str:
    steps = re.search(r"\d+ of \d+ steps completed", text)
    main = re.search(r'<a class="usa-button" href="([^"]+)">((?:Start|Continue): [^<]+)', text)
    assert steps
    return f"{steps[0]}; {main[2]} {main[1]}" if main else steps[0]


def test_a_card_says_what_the_task_list_says(client: PageClient, parts: Parts) -> None:
    full = complete_answers()
    wrong = with_path(full, "agency.email", "records@@x")
    for answers in (Answers(), full, wrong, replace(full, models=()), with_path(full, "signatory.full_name", None)):
        card, task_list = home_and_task_list(client, add_application(parts, parts.agency_id, answers))
        assert card == task_list


def test_nothing_wrong_counts_as_completed(client: PageClient, parts: Parts) -> None:
    good = add_application(parts, parts.agency_id)
    poor = add_application(parts, parts.agency_id, with_path(complete_answers(), "agency.email", "records@@x"))
    page = cards(client.get("/").text)
    assert "12 of 13 steps completed" in page[f"/applications/{good}/"]
    assert "10 of 13 steps completed" in page[f"/applications/{poor}/"]
    assert f'href="/applications/{poor}/steps/address">Continue: Address' in page[f"/applications/{poor}/"]


def test_an_export_completes_the_last_step_until_something_changes(client: PageClient, parts: Parts) -> None:
    public_id = add_application(parts, parts.agency_id)
    client.send(f"/applications/{public_id}/exports/")
    card, task_list = home_and_task_list(client, public_id)
    assert card.startswith("13 of 13")
    assert task_list.startswith("13 of 13")
    with parts.writer() as session:
        row = applications.get(session, parts.agency_id, public_id)
        changed = {"signatory.title": "Chief"}
        applications.save_values(session, row, changed, version=row.version, now=NOW)
        session.commit()
    card, task_list = home_and_task_list(client, public_id)
    assert card == task_list
    assert card.startswith("12 of 13 steps completed; Continue: Documents and signing")


def test_no_finding_from_a_list_could_keep_a_step_open() -> None:
    # The cards leave the lists out (leave_lists_out): a rule that blocks, or calls an answer wrong, must change that.
    of_lists = [one for one in all_rules() if one.subject == "published_lists"]
    assert of_lists
    assert {one.severity for one in of_lists} == {"warning"}
    assert not {one.code for one in of_lists} & set(INVALID)


def test_the_first_page_asks_as_often_for_ten_as_for_one(client: PageClient, parts: Parts) -> None:
    counts = []
    for number in (1, 9, 40):
        for _ in range(number):
            public_id = add_application(parts, parts.agency_id)
        client.send(f"/applications/{public_id}/exports/")
        asked: list[str] = []

        def note(*call: object, asked: list[str] = asked) -> None:
            asked.append(str(call[2]))

        event.listen(parts.engine, "before_cursor_execute", note)
        super(type(client), client).get("/", base_url="http://127.0.0.1/")
        event.remove(parts.engine, "before_cursor_execute", note)
        counts.append(len([sql for sql in asked if "SELECT *" not in sql]))
    assert len(set(counts)) == 1


def test_doubles_are_told_apart(client: PageClient, parts: Parts, clock: Clock) -> None:
    first, second = (add_application(parts, parts.agency_id) for _ in range(2))
    clock.now = NOW + timedelta(minutes=7)
    client.send("/applications")
    other = add_application(parts, parts.agency_id, with_path(complete_answers(), "agency.legal_name", "Sample Police"))
    page = cards(client.get("/").text)
    names = [re.sub(r"\s+", " ", one) for one in re.findall(r"Delete<span[^>]*> ([^<]+)<", "".join(page.values()))]
    assert len(set(names)) == 4
    for one in (first, second):
        assert f"Reference {str(one)[:8].upper()}" in page[f"/applications/{one}/"]
    assert "home-card__which" not in page[f"/applications/{other}/"], "nothing else has its name"
    client.send("/applications")
    clock.now = NOW + timedelta(minutes=8)
    client.send("/applications")
    page_text = client.get("/").text
    assert "Started January 20, 2026" in page_text


def test_an_application_of_many_people_is_not_opened(client: PageClient, parts: Parts) -> None:
    full = complete_answers()

    def of(count: int) -> UUID:
        people = tuple(replace(full.nominees[0], full_name=f"Alex Sample {number}") for number in range(count))
        return add_application(parts, parts.agency_id, replace(full, nominees=people))

    just, many = of(MOST_NOMINEES), of(MOST_NOMINEES + 1)
    page = cards(client.get("/").text)
    assert "steps completed" in page[f"/applications/{just}/"]
    card = page[f"/applications/{many}/"]
    assert "It has many nominees" in card
    assert "steps completed" not in card
    assert "Open the task list" in card


def test_ten_cards_stand_on_a_page_and_a_page_too_far_is_the_last(client: PageClient, parts: Parts) -> None:
    for _ in range(12):
        add_application(parts, parts.agency_id)
    assert len(cards(client.get("/").text)) == 10
    assert len(cards(client.get("/?page=2").text)) == 2
    assert cards(client.get("/?page=9").text) == cards(client.get("/?page=2").text)
    for poor in ("0", "-1", "x", "9" * 40):
        assert client.get(f"/?page={poor}").status_code == 200


def test_what_you_get_is_in_a_bundle(client: PageClient, parts: Parts) -> None:
    public_id = add_application(parts, parts.agency_id)
    address = client.send(f"/applications/{public_id}/exports/").location
    names = zipfile.ZipFile(io.BytesIO(client.get(f"{address}bundle.zip").data)).namelist()
    page = html.unescape(client.get("/").text)
    for _, papers in PAPERS:
        for paper in papers:
            assert paper.title in page
            starts = {paper.file, "entry-sheet-"} if paper.file == "moa-" else {paper.file}
            plain = [name.rpartition("/")[2].lstrip("0123456789").lstrip("-") for name in names]
            assert any(name.startswith(start) for name in plain for start in starts), paper


def test_how_much_there_is_to_do_is_counted(client: PageClient) -> None:
    page = client.get("/").text
    assert "13 steps with up to 34 questions, and up to 13 more for each nominee." in page
    assert not re.search(r"\d+ (minutes|hours|days)", page), "no time that nobody measured"
