"""The form beside the question, in a browser: live while typing, one click for a shorter wording, Enter takes none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from assistant.answers import with_path
from assistant.services.application.applications import get
from assistant.services.form_maps import forms
from tests.browser.conftest import NARROW, WIDE
from tests.web.made_up import NOW, add_application, complete_answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Live, Tab

NAME = "Example Springs County Sheriff’s Office"
BOX = "Full legal name of the agency"


@pytest.fixture
def long_name(live: Live, official_forms: Path) -> UUID:
    parts = live.app.extensions["assistant"]
    with parts.writer() as session:
        forms.keep(session, (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes(), now=NOW)
        session.commit()
    return add_application(parts, parts.agency_id, with_path(complete_answers(), "agency.legal_name", NAME))


def wordings(live: Live, application_id: UUID) -> dict[str, str]:
    parts = live.app.extensions["assistant"]
    with parts.reader() as session:
        return dict(get(session, parts.agency_id, application_id).answers.short_wordings)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_8_the_blank_stands_beside_its_question(
    live: Live, tabs: Callable[..., Tab], long_name: UUID, *, scripts: bool, viewport: ViewportSize
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    tab.page.goto(f"/applications/{long_name}/steps/agency")
    tab.look(f"agency with blanks{'' if scripts else ' no scripts'}")
    if scripts:
        assert Axe().run(tab.page).response["violations"] == []
    question, picture = tab.page.get_by_label(BOX, exact=True), tab.page.get_by_role("img").first
    asked, shown = question.bounding_box(), picture.bounding_box()
    assert asked
    assert shown
    if viewport is WIDE:
        assert shown["x"] > 640, "in the right half"
    else:
        assert shown["y"] > asked["y"] + asked["height"], "below the question"
    expect(tab.page.locator("#agency-legal_name-size")).to_contain_text("24 letters fit at 7 pt, you have 39.")
    tab.page.get_by_role("button", name=re.compile("^Use “Example Springs Co. SO”")).click()
    expect(picture).to_have_attribute("alt", re.compile("the blank with “Example Springs Co. SO” in it"))
    assert wordings(live, long_name) == {"agency.legal_name": "Example Springs Co. SO"}


def test_8_the_blank_follows_what_is_typed(live: Live, tabs: Callable[..., Tab], long_name: UUID) -> None:
    tab = tabs()
    tab.page.goto(f"/applications/{long_name}/steps/agency")
    box, picture = tab.page.get_by_label(BOX, exact=True), tab.page.get_by_role("img").first
    box.fill("Sample Town Marshal")
    expect(tab.page.locator("#agency-legal_name-size")).to_contain_text("you have 19.")
    expect(picture).to_have_attribute("alt", re.compile("Sample Town Marshal"))
    expect(picture).to_have_js_property("complete", value=True)
    expect(tab.page.get_by_role("button", name=re.compile("^Use “"))).to_have_count(0)
    expect(tab.page.get_by_label("Shorter wording of “Full legal name")).to_be_hidden()
    expect(box).to_be_focused()
    box.fill("Sample Town Lake County Sheriff’s Office")
    expect(tab.page.get_by_role("button", name=re.compile("^Use “"))).not_to_have_count(0)
    expect(tab.page.get_by_label("Shorter wording of “Full legal name")).to_be_visible()
    expect(tab.page.get_by_role("status").first).to_contain_text("too small to read")
    with tab.page.expect_navigation():
        box.press("Enter")
    assert wordings(live, long_name) == {}, "Enter saves the page and takes no shorter wording"
