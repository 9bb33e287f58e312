"""A page that works for over a second says so at once, keeps its button, and a double click makes one record."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from assistant.editions.catalog import get_edition
from assistant.storage.draft_tables import FormDraft
from assistant.web.wizard.application_state import FEW_NOMINEES
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_more_pages import look
from tests.unit.made_forms import with_fields
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Route, ViewportSize

    from tests.browser.conftest import Live, Tab

FLAT = "moa-tfm/2025-03-07"
BOTH_WIDTHS = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
BEFORE = "This usually takes a few seconds."


@contextmanager
def held_up(page: Page, address: str) -> Iterator[list[str]]:
    """Answer an address with nothing, so that the page stays as it is while it waits; count the requests."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=204)

    page.route(address, answer)
    yield asked
    page.unroute(address, answer)


@BOTH_WIDTHS
def test_a_form_that_is_mapped_says_that_it_works_and_a_double_click_makes_one_draft(
    tabs: Callable[..., Tab], live: Live, official_forms: Path, tmp_path: Path, viewport: ViewportSize
) -> None:
    form = tmp_path / "new-print.pdf"
    lines = [(place.page, place.line) for entry in get_edition(FLAT).entries for place in entry.places]
    boxes = [(f"Text{n}", page, (x0 - 1, y - 3, x1 + 1, y + 12)) for n, (page, (x0, y, x1)) in enumerate(lines)]
    with_fields(official_forms / "moa-tfm-rev2025-03-07-flat.pdf", form, boxes)
    tab = tabs(viewport=viewport)
    page = tab.page
    page.goto("/forms/drafts/new")
    expect(page.get_by_text(BEFORE)).to_be_visible()
    page.get_by_label("Blank official form").set_input_files(form)
    button = page.get_by_role("button", name="Propose a map")
    with held_up(page, "**/forms/drafts/new") as asked:
        button.dblclick()
        expect(page.get_by_role("status").filter(has_text="Working…")).to_be_visible()
        expect(button).to_be_enabled()
        look(tab, "a form is being mapped")
        assert asked == ["POST"]
    page.goto("/forms/drafts/new")
    page.get_by_label("Blank official form").set_input_files(form)
    with page.expect_navigation():
        button.dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Map of", timeout=60_000)
    with live.app.extensions["assistant"].reader() as session:
        assert session.scalars(select(func.count()).select_from(FormDraft)).one() == 1


@BOTH_WIDTHS
def test_20_the_way_to_the_documents_of_many_nominees_says_that_it_works(
    tabs: Callable[..., Tab], live: Live, viewport: ViewportSize
) -> None:
    parts = live.app.extensions["assistant"]
    answers = complete_answers()
    people = tuple(
        replace(answers.nominees[0], full_name=f"Nominee {n}", badge_number=str(n)) for n in range(FEW_NOMINEES + 1)
    )
    home = f"/applications/{add_application(parts, parts.agency_id, replace(answers, nominees=people))}/"
    tab = tabs(viewport=viewport)
    page = tab.page
    page.goto(home)
    expect(page.get_by_text(BEFORE)).to_be_visible()
    link = page.get_by_role("link", name="Documents and signing", exact=True)
    with held_up(page, "**/documents/"):
        link.click()
        expect(page.get_by_role("status").filter(has_text="Working…")).to_be_visible()
        look(tab, "documents are being made")
    with page.expect_navigation():
        link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Documents and signing", timeout=60_000)
    look(tab, "documents of many nominees")
    page.go_back()
    expect(page.get_by_text(BEFORE)).to_be_visible()


def test_20_without_scripts_the_page_says_beforehand_how_long_it_can_take(tabs: Callable[..., Tab]) -> None:
    tab = tabs(viewport=NARROW, scripts=False)
    tab.page.goto("/check/")
    expect(tab.page.get_by_text("It can take up to 60 seconds.")).to_be_visible()
    look(tab, "check, without scripts")
