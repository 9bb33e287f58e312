"""A form nobody knows is mapped, an application moves to another edition, a filled agreement starts one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pikepdf
import pytest
from playwright.sync_api import expect

from assistant.library import FormLibrary, fill_form
from tests.browser.test_journey import press_until
from tests.browser.test_more_pages import BOTH, look
from tests.web.made_up import add_application, complete_answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from tests.browser.conftest import Live, Tab


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep editions in the folder of the test."""
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path / "instance"))


@pytest.fixture(scope="module")
def flat(official_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a form without fields that is no known edition: the 03/07 one with a page twice."""
    out = tmp_path_factory.mktemp("made") / "new.pdf"
    with pikepdf.open(official_forms / "moa-tfm-rev2025-03-07-flat.pdf") as pdf:
        pdf.pages.append(pdf.pages[11])
        pdf.save(out)
    return out


def propose(page: Page, form: Path) -> None:
    page.goto("/forms/drafts/new")
    page.get_by_label("Blank official form").set_input_files(form)
    page.get_by_role("button", name="Propose a map").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Map of moa-tfm/2025-03-07")


@BOTH
def test_an_unknown_form_is_mapped_and_kept(  # noqa: PLR0915 - one journey, told in one go
    tabs: Callable[..., Tab], flat: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto("/forms/add")
    page.get_by_label("Blank official form").set_input_files(flat)
    page.get_by_role("button", name="Only look at it").click()
    look(tab, "unknown form inspected")
    page.get_by_role("link", name="map this form").click()
    look(tab, "map a form")
    page.get_by_role("button", name="Propose a map").click()
    expect(page).to_have_title(re.compile("^Error: "))
    look(tab, "map without a file")
    propose(page, flat)
    base = page.url
    look(tab, "map")
    page.get_by_role("link", name="Page 1", exact=True).click()
    expect(page.get_by_role("img", name="Page 1 of the form, with blanks 1, 2, 3, 4 marked")).to_be_visible()
    look(tab, "map page 1")
    third = page.get_by_role("group", name=re.compile("^3. "))
    third.get_by_label("Ends at").fill("10")
    page.get_by_role("button", name="Save and continue").click()
    look(tab, "map page with an error")
    page.locator("#error-summary a").click()
    expect(third.get_by_label("Ends at")).to_be_focused()
    third.get_by_label("Ends at").fill("199.5")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Blanks on page 2")
    page.goto(f"{base}pages/15")
    page.get_by_text("Add a place that was not found").click()
    for label, text in (("Begins at", "72"), ("Height of the line", "700"), ("Ends at", "320")):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Add this place").click()
    look(tab, "map page with an added place")
    page.goto(f"{base}keep")
    page.get_by_role("button", name="Keep this edition").click()
    look(tab, "keep with something undecided")
    page.get_by_role("link", name=re.compile("^Page 15, blank")).click()
    page.get_by_label("What goes in").select_option("Governing body that approves")
    page.get_by_role("button", name="Save and finish").click()
    page.get_by_role("link", name="Try it with usual lengths").click()
    expect(page.get_by_text("Every text stands in its blank")).to_be_visible()
    look(tab, "trial")
    page.goto(f"{base}compare?with=moa-tfm/2025-02-12")
    look(tab, "compare editions")
    page.goto(f"{base}remove")
    look(tab, "throw a draft away")
    page.goto("/forms/drafts/")
    look(tab, "drafts")
    page.goto(f"{base}keep")
    page.get_by_text("I held every blank").click()
    page.get_by_role("button", name="Keep this edition").click()
    expect(page.get_by_text("The edition is kept")).to_be_visible()
    look(tab, "edition kept")


def test_a_place_follows_arrow_keys_and_mouse(tabs: Callable[..., Tab], flat: Path) -> None:
    tab = tabs()
    page = tab.page
    propose(page, flat)
    page.goto(f"{page.url}pages/1")
    left, base, right = (page.locator(f"#{part}-3") for part in ("left", "base", "right"))
    before = [float(box.input_value()) for box in (left, base, right)]
    area = page.locator('.map-box[data-number="3"] .map-box__area')
    x = float(area.get_attribute("x") or 0)
    press_until(page, "move-3")
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowUp", "Alt+ArrowRight"):
        page.keyboard.press(key)
    after = [float(box.input_value()) for box in (left, base, right)]
    assert [round(b - a, 1) for a, b in zip(before, after, strict=True)] == [11, 1, 12]
    assert float(area.get_attribute("x") or 0) > x + 15
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Blank 3: begins at [\d.]+, height"))
    box = area.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 40, middle[1] + 20, steps=4)
    page.mouse.up()
    moved = area.bounding_box()
    assert moved
    assert abs(moved["x"] - box["x"] - 40) < 2
    assert abs(moved["y"] - box["y"] - 20) < 2
    wanted = left.input_value()
    page.get_by_role("button", name="Save and continue").click()
    page.go_back()
    page.reload()
    expect(left).to_have_value(wanted)


@BOTH
def test_an_application_moves_to_another_edition_and_back(
    tabs: Callable[..., Tab], live: Live, official_forms: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    for name in ("moa-tfm-rev2025-02-12.pdf", "moa-tfm-rev2025-03-07-flat.pdf"):
        page.goto("/forms/add")
        page.get_by_label("Blank official form").set_input_files(official_forms / name)
        page.get_by_role("button", name="Keep this form").click()
    parts = live.app.extensions["assistant"]
    page.goto(f"/applications/{add_application(parts, parts.agency_id)}/")
    look(tab, "task list with editions")
    page.get_by_role("link", name="Editions of the forms").click()
    look(tab, "editions")
    page.get_by_role("link", name=re.compile("TFM, 02.12.2025")).click()
    look(tab, "what would print differently")
    page.get_by_role("button", name="Move to 02/12/2025").click()
    expect(page.get_by_text("A newer one is registered: 03/07/2025")).to_be_visible()
    look(tab, "edition moved")
    page.get_by_role("link", name="Move back").click()
    look(tab, "move back")
    page.get_by_role("button", name="Always take the newest on hand").click()
    expect(page.get_by_text("revision 03/07/2025, the newest on hand").first).to_be_visible()


@BOTH
def test_a_filled_agreement_starts_an_application(
    tabs: Callable[..., Tab], official_forms: Path, tmp_path: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    blank = (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()
    file = tmp_path / "filled.pdf"
    file.write_bytes(fill_form(FormLibrary([blank]).choose("TFM", None), complete_answers()).data)
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto("/")
    page.get_by_role("link", name="Start from a filled agreement").click()
    look(tab, "start from an agreement")
    page.get_by_label("Filled agreement").set_input_files(file)
    page.get_by_role("button", name="Read this agreement").click()
    expect(page.get_by_label("Agency: full legal name", exact=False).first).to_be_checked()
    expect(page.get_by_label(re.compile("^Agency: kind"))).not_to_be_checked()
    look(tab, "what was read")
    page.get_by_label("Signatory: title, as it will be taken over").fill("123-45-6789")
    page.get_by_role("button", name="Start an application").click()
    look(tab, "what was read, with an error")
    page.get_by_label("Signatory: title, as it will be taken over").fill("Sheriff")
    page.get_by_role("button", name="Start an application").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Example County Sheriff’s Office")
