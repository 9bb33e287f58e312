"""A form nobody knows is mapped, an application moves to another edition, a filled agreement starts one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest
from playwright.sync_api import expect

from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormLibrary
from tests.browser import steps
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
    steps.press(page, "Propose a map")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Map of moa-tfm/2025-03-07")


@pytest.mark.long
@BOTH
def test_an_unknown_form_is_mapped_and_kept(  # noqa: PLR0915 - one journey, told in one go
    tabs: Callable[..., Tab], flat: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto("/forms/add")
    page.get_by_label("Blank official form").set_input_files(flat)
    steps.press(page, "Only look at it")
    look(tab, "unknown form inspected")
    steps.follow(page, "map this form")
    look(tab, "map a form")
    steps.press(page, "Propose a map")
    expect(page).to_have_title(re.compile("^Error: "))
    look(tab, "map without a file")
    propose(page, flat)
    base = page.url
    look(tab, "map")
    steps.follow(page, "Change which form it is")
    look(tab, "which form it is")
    page.get_by_label("Words that identify it").fill("words that are not there")
    steps.press(page, "Save")
    look(tab, "which form it is, with an error")
    page.locator("#error-summary a").click()
    expect(page.get_by_label("Words that identify it")).to_be_focused()
    page.get_by_label("Words that identify it").fill("287(g) Task Force Model")
    page.get_by_label("Title").fill("Agreement of spring")
    steps.press(page, "Save")
    expect(page.get_by_text("Agreement of spring")).to_be_visible()
    steps.follow(page, "Page 1", exact=True)
    expect(page.get_by_role("img", name="Page 1 of the form, with blanks 1, 2, 3, 4 marked")).to_be_visible()
    look(tab, "map page 1")
    third = page.get_by_role("group", name=re.compile("^3. "))
    third.get_by_label("Ends at").fill("10")
    steps.press(page, "Save and continue")
    look(tab, "map page with an error")
    page.locator("#error-summary a").click()
    expect(third.get_by_label("Ends at")).to_be_focused()
    third.get_by_label("Ends at").fill("199.5")
    steps.press(page, "Save and continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Blanks on page 2")
    page.goto(f"{base}pages/15")
    page.get_by_text("Add a place that was not found").click()
    for label, text in (("Begins at", "72"), ("Height of the line", "700"), ("Ends at", "320")):
        page.get_by_label(label).fill(text)
    steps.press(page, "Add this place")
    look(tab, "map page with an added place")
    page.goto(f"{base}keep")
    steps.press(page, "Register this edition")
    look(tab, "keep with something undecided")
    steps.follow(page, re.compile("^Page 15, blank"))
    page.get_by_label("What goes in").select_option("Governing body that approves")
    steps.press(page, "Save and finish")
    steps.follow(page, "Try it with usual lengths")
    expect(page.get_by_text("Every text is in its blank")).to_be_visible()
    look(tab, "trial")
    page.goto(f"{base}compare?with=moa-tfm/2025-02-12")
    look(tab, "compare editions")
    page.goto(f"{base}remove")
    look(tab, "throw a draft away")
    page.goto("/forms/drafts/")
    look(tab, "drafts")
    page.goto(f"{base}keep")
    page.get_by_text("I compared every blank").click()
    steps.press(page, "Register this edition")
    expect(page.get_by_text("The edition is registered")).to_be_visible()
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
    expect(page.locator("#map-said")).to_have_text(re.compile(r"Blank 3: begins at [\d.]+, height"))
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
    grip = page.locator('.map-box[data-number="3"] .map-box__grip').bounding_box()
    assert grip
    end = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(*end)
    page.mouse.down()
    page.mouse.move(end[0] - 30, end[1] + 25, steps=4)
    page.mouse.up()
    shorter = area.bounding_box()
    assert shorter
    assert abs(shorter["width"] - moved["width"] + 30) < 2
    assert abs(shorter["x"] - moved["x"]) + abs(shorter["y"] - moved["y"]) < 2
    press_until(page, "move-3")
    for key, box_, edge in (("ArrowLeft", left, 0), ("ArrowRight", right, 612), ("ArrowDown", base, 2)):
        for _ in range(100):
            page.keyboard.press(f"Shift+{key}")
        assert float(box_.input_value()) == pytest.approx(edge, abs=0.2), "no part of a place leaves the page"
    length = float(right.input_value()) - float(left.input_value())
    assert length > 10
    page.keyboard.press("Shift+Alt+ArrowRight")
    assert float(right.input_value()) == pytest.approx(612, abs=0.2)
    wanted = left.input_value()
    steps.press(page, "Save and continue")
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
        steps.press(page, "Add this form")
    parts = live.app.extensions["assistant"]
    page.goto(f"/applications/{add_application(parts, parts.agency_id)}/")
    look(tab, "task list with editions")
    steps.follow(page, "Editions of the forms")
    look(tab, "editions")
    steps.follow(page, re.compile("TFM, 02.12.2025"))
    look(tab, "what would print differently")
    steps.press(page, "Switch to 02/12/2025")
    expect(page.get_by_text("A newer one is registered: 03/07/2025")).to_be_visible()
    look(tab, "edition moved")
    steps.follow(page, "Switch back")
    look(tab, "switch back")
    steps.press(page, "Switch to the newest form added here")
    expect(page.get_by_text("revision 03/07/2025, chosen for this application").first).to_be_visible()


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
    steps.follow(page, "Start from a filled agreement")
    look(tab, "start from an agreement")
    page.get_by_label("Filled agreement").set_input_files(file)
    steps.press(page, "Read this agreement")
    expect(page.get_by_label("Agency: full legal name", exact=False).first).to_be_checked()
    expect(page.get_by_label(re.compile("^Agency: kind"))).not_to_be_checked()
    look(tab, "what was read")
    page.get_by_label("Signatory: title, as it will be used").fill("123-45-6789")
    steps.press(page, "Start an application")
    look(tab, "what was read, with an error")
    page.get_by_label("Signatory: title, as it will be used").fill("Sheriff")
    steps.press(page, "Start an application")
    expect(page.get_by_role("heading", level=1)).to_have_text("Example County Sheriff’s Office")


@BOTH
def test_a_scan_is_confirmed_beside_its_strips(
    tabs: Callable[..., Tab], official_forms: Path, tmp_path: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    blank = (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()
    filled = fill_form(FormLibrary([blank]).choose("TFM", None), complete_answers()).data
    file = tmp_path / "scan.pdf"
    with pypdfium2.PdfDocument(filled) as opened:
        opened.init_forms()
        pictures = [page.render(scale=120 / 72).to_pil().convert("L") for page in opened]
    pictures[0].save(file, "PDF", resolution=120, save_all=True, append_images=pictures[1:])
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto("/applications/from-agreement/")
    page.get_by_text("Our own agency’s").click()
    page.get_by_label("Filled agreement").set_input_files(file)
    page.set_default_timeout(120_000)
    steps.press(page, "Read this agreement")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what this program read", timeout=120_000)
    strips = page.locator("img.strip")
    assert strips.count() > 0
    assert all(
        strips.nth(n).evaluate("image => image.complete && image.naturalWidth > 0") for n in range(strips.count())
    )
    look(tab, "what was read of a scan")
