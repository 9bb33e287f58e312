"""From the first page to the downloaded bundle, at a desk and at 320 px, with scripts and without."""

from __future__ import annotations

import json
import re
import zipfile
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from tests.browser.conftest import Tab

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def no_violation(tab: Tab, name: str) -> None:
    tab.page.wait_for_load_state("load")
    found = Axe().run(tab.page, options=AXE).response["violations"]
    said = [f"{v['id']}: {v['help']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in found]
    assert not said, f"{name}: {said}"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_the_whole_journey(
    tabs: Callable[..., Tab],
    official_forms: Path,
    tmp_path: Path,
    viewport: ViewportSize,
    scripts: bool,  # noqa: FBT001
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    for name in chain(steps.keep_forms(tab.page, official_forms), steps.answer_everything(tab.page)):
        tab.look(name)
    expect(tab.page.get_by_text("Ready to export")).to_be_visible()
    path = steps.export(tab.page, tmp_path, look=tab.look)
    packed = zipfile.ZipFile(path)
    manifest = json.loads(next(packed.read(name) for name in packed.namelist() if name.endswith("manifest.json")))
    assert manifest["draft"] is False
    assert {"02-moa-tfm.pdf", "02-moa-wso.pdf"} <= {file["name"] for file in manifest["files"]}
    tab.page.reload()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("The bundle is exported")


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_or_state(tabs: Callable[..., Tab], official_forms: Path, tmp_path: Path) -> None:
    tab = tabs(viewport=WIDE)
    seen = 0
    for name in chain(steps.keep_forms(tab.page, official_forms), steps.answer_everything(tab.page)):
        no_violation(tab, name)
        seen += 1
    steps.export(tab.page, tmp_path, look=lambda name: no_violation(tab, name))
    base = re.sub(r"exports/.*", "", tab.page.url)
    for address in (
        base, f"{base}delete", f"{base}steps/agency", "/", "/forms/add", "/applications/from-file", "/nowhere",
        "/program/",
        "/program/counsel", "/program/glossary", "/program/sources", "/program/contact", f"{base}documents/README.txt/",
    ):  # fmt: skip
        tab.page.goto(address)
        no_violation(tab, address)
    tab.page.goto(f"{base}nominees/")
    steps.follow(tab.page, re.compile("^Remove"))
    no_violation(tab, "remove a nominee")
    assert seen > 20


def test_18_axe_finds_nothing_where_two_tabs_meet(tabs: Callable[..., Tab]) -> None:
    tab = tabs()
    address = f"{steps.start(tab.page)}steps/agency"
    tab.page.goto(address)
    other = tab.context.new_page()
    other.goto(address)
    other.get_by_label("Full legal name of the agency", exact=True).fill("Saved by the other")
    steps.on(other)
    tab.page.get_by_label("Full legal name of the agency", exact=True).fill("Entered by me")
    steps.on(tab.page)
    expect(tab.page.get_by_text("Someone else saved this page while you were working on it")).to_be_visible()
    no_violation(tab, "conflict")
    tab.look("conflict")
    tab.page.get_by_text("Mine: Entered by me").click()
    steps.on(tab.page)
    tab.page.goto(address)
    expect(tab.page.get_by_label("Full legal name of the agency", exact=True)).to_have_value("Entered by me")


def test_14_a_task_is_done_by_keyboard_alone(tabs: Callable[..., Tab]) -> None:
    page = tabs().page
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    press_until(page, "Start a new application")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you begin")
    press_until(page, "Continue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agency")
    press_until(page, "agency-legal_name")
    page.keyboard.type("Keyboard County Sheriff")
    press_until(page, "agency-kind")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    press_until(page, "agency-state")
    page.keyboard.type("Flo")
    press_until(page, "Save and continue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Address")
    page.wait_for_load_state("load")
    page.go_back()
    page.reload()
    expect(page.get_by_label("Full legal name of the agency", exact=True)).to_have_value("Keyboard County Sheriff")
    expect(page.get_by_label("Municipality (city, town, village)")).to_be_checked()
    expect(page.get_by_label("State or territory")).to_have_value("FL")


def press_until(page: Page, wanted: str, *, limit: int = 40) -> None:
    """Press Tab until what is focused has these words or this id, and see to it that the focus shows."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.innerText || '', e.id, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2] })()"
        )
        if wanted in focused[:2] or focused[0].startswith(wanted):
            assert focused[2], f"the focus on {wanted} does not show"
            return
    pytest.fail(f"{wanted} is not reached by Tab")


def test_1_a_page_opened_at_a_question_still_shows_first_what_is_wrong(tabs: Callable[..., Tab]) -> None:
    page = tabs().page
    page.goto(f"{steps.start(page)}steps/address?back=row-agency-phone#agency-phone")
    for _ in range(2):
        page.get_by_label("Street address", exact=True).fill("123-45-6789")
        steps.press(page, "Save and continue")
        expect(page.locator("#error-summary")).to_be_focused()
        page.locator("#error-summary a").click()
        expect(page.get_by_label("Street address", exact=True)).to_be_focused()


def test_2_what_was_typed_comes_back_with_the_back_button(tabs: Callable[..., Tab]) -> None:
    for scripts in (True, False):
        page = tabs(scripts=scripts).page
        page.goto(f"{steps.start(page)}steps/agency")
        page.get_by_label("Full legal name of the agency", exact=True).fill("Typed and not saved")
        steps.follow(page, "Official forms")
        page.go_back()
        expect(page.get_by_label("Full legal name of the agency", exact=True)).to_have_value("Typed and not saved")


def test_stored_payloads_stay_text(tabs: Callable[..., Tab]) -> None:
    tab = tabs()
    page = tab.page
    base = steps.start(page)
    payload = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    for slug in ("agency", "address", "signatory", "program-contact", "public-information-contact", "approvals"):
        page.goto(f"{base}steps/{slug}")
        for box in page.locator(
            "input[type=text]:visible:not([id$=-month]):not([id$=-day]):not([id$=-year]):not([name$=-month])"
        ).all():
            if not (box.get_attribute("name") or "").endswith(("zip", "-month")):
                box.fill(payload[: 60 if "phone" in (box.get_attribute("name") or "") else 100])
        steps.on(page)
        expect(page.get_by_text("is saved")).to_be_visible()
    for address in (base, f"{base}review/", f"{base}steps/agency", f"{base}delete", "/"):
        page.goto(address)
    assert not tab.faults


def test_19_the_first_page_is_light_and_soon_ready(tabs: Callable[..., Tab]) -> None:
    tab = tabs()
    sizes: list[int] = []
    tab.page.on(
        "requestfinished",
        lambda request: sizes.append(sum(request.sizes()[k] for k in ("responseBodySize", "responseHeadersSize"))),
    )
    tab.page.goto("/", wait_until="networkidle")
    assert 20_000 < sum(sizes) < 300_000


def test_9_a_double_click_makes_one_record(tabs: Callable[..., Tab]) -> None:
    page = tabs().page
    page.goto("/")
    page.get_by_role("button", name="Start a new application").dblclick()
    page.wait_for_url("**/applications/**")
    page.goto("/")
    expect(page.locator(".cards__card")).to_have_count(1)
