"""The pages beside the wizard: checking an agreement, rosters, ICE's lists, rules and the checklist."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from assistant.editions.form_plan import fill_form
from assistant.editions.library import FormLibrary
from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_journey import no_violation, press_until
from tests.web.made_up import complete_answers
from tests.web.test_lists import ROWS, book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from tests.browser.conftest import Tab

ROSTER = (
    "Name\tBadge\tDOB\tStar code\tUS citizen\n"
    "Robin Sample\t2001\t4/1/1990\t77\tyes\n"
    "Kim Sample\t123-45-6789\t\t78\tyes\n"
    "Alex Nguyễn\t1412\t\t79\tyes\n"
    "Chris Example\t2002\t\t80\t\n"
)
LAST_NAMES = ("Sample", "Example", "Tester", "Núñez", "Nguyễn", "Lee", "Park", "Stone")
BOTH = pytest.mark.parametrize(
    ("viewport", "scripts"), [(WIDE, True), (NARROW, False)], ids=["1280", "320, no scripts"]
)


def look(tab: Tab, name: str) -> None:
    tab.look(name)
    if tab.scripts:
        no_violation(tab, name)


def upload(page: Page, label: str, folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    path.write_bytes(data)
    page.get_by_label(label).set_input_files(path)


@BOTH
def test_a_finished_agreement_is_checked(
    tabs: Callable[..., Tab], official_forms: Path, tmp_path: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    blank = (official_forms / "moa-tfm-rev2025-02-12.pdf").read_bytes()
    data = fill_form(FormLibrary([blank]).choose("TFM", None), complete_answers(), draft=False).data
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto("/")
    steps.follow(page, "Check an agreement")
    look(tab, "check an agreement")
    steps.press(page, "Check this agreement")
    expect(page).to_have_title(re.compile("^Error: "))
    look(tab, "check without a file")
    upload(page, "Finished agreement", tmp_path, "moa.pdf", data)
    steps.press(page, "Check this agreement")
    expect(page.get_by_role("heading", level=1)).to_have_text("Results of the check")
    look(tab, "what was found")


@BOTH
def test_a_roster_is_pasted_corrected_and_added(
    tabs: Callable[..., Tab], opened: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}nominees/")
    steps.follow(page, "Add many from a spreadsheet")
    look(tab, "give a roster")
    page.get_by_label("Paste rows").fill("Alex 1")
    steps.press(page, "Check the roster")
    expect(page.get_by_label("Paste rows")).to_have_value("Alex 1")
    look(tab, "a roster that cannot be read")
    page.get_by_label("Paste rows").fill(ROSTER)
    steps.press(page, "Check the roster")
    expect(page.get_by_text("3 rows can be added; 1 row must be corrected first")).to_be_visible()
    look(tab, "a roster")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="download the roster with notes").click()
    assert waiting.value.suggested_filename == "nominee-roster-what-to-do.xlsx"
    page.get_by_text(re.compile(r"columns? (is|are) certain")).click()
    page.get_by_label("Badge", exact=True).select_option("Leave this column out")
    page.get_by_label("Star code").select_option("Badge number")
    steps.press(page, "Read again with these columns")
    expect(page.get_by_text("4 rows can be added")).to_be_visible()
    look(tab, "a roster read again")
    page.get_by_text("Warrant Service Officer").click()
    steps.press(page, "Add the 4 good rows")
    expect(page.get_by_text("4 nominees are added.")).to_be_visible()
    look(tab, "what to ask each person for")
    steps.follow(page, re.compile(r"^Not met \("))
    look(tab, "nobody is not met")


def test_of_forty_rows_the_good_ones_are_added_and_three_are_told(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs(viewport=NARROW, scripts=False).page
    names = [f"{first} {last}" for first in ("Alex", "Robin", "Kim", "Sam", "Jo") for last in LAST_NAMES]
    rows = [f"{name}\t{2001 + n}\t06/01/2018\tyes" for n, name in enumerate(names)]
    rows[4] = "Jo Nobody\t123-45-6789\t06/01/2018\tyes"
    rows[11] = "Lee Nobody\t2999\t06/31/2018\tyes"
    rows[39] = "\t3999\t06/01/2018\tyes"
    page.goto(f"{opened}nominees/")
    steps.follow(page, "Add many from a spreadsheet")
    page.get_by_label("Paste rows").fill("\n".join(["Name\tBadge number\tLaw enforcement since\tUS citizen", *rows]))
    steps.press(page, "Check the roster")
    expect(page.get_by_text("37 rows can be added; 3 rows must be corrected first")).to_be_visible()
    waiting = page.locator("[id^=row-] h3").all_inner_texts()
    assert [text.removeprefix("Row ").split(":")[0] for text in waiting] == ["6", "13", "41"]
    page.get_by_text("Warrant Service Officer").click()
    steps.press(page, "Add the 37 good rows")
    expect(page.get_by_text("37 nominees are added.")).to_be_visible()


@BOTH
def test_lists_are_loaded_searched_and_counted(
    tabs: Callable[..., Tab], opened: str, tmp_path: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto("/")
    steps.follow(page, "Known agencies")
    look(tab, "no lists")
    steps.follow(page, "Load a list")
    look(tab, "load a list")
    town: list[object] = ["TEXAS", "Made-up Town PD", "Municipality", "Bell", "TFM"]
    months = [[*town, date(2019 + month // 12, month % 12 + 1, 1), None] for month in range(84)]
    upload(page, "Published list", tmp_path, "participatingAgencies01152026am.xlsx", book([*ROWS, *months]))
    steps.press(page, "Load this list")
    look(tab, "list loaded")
    steps.follow(page, "Look up an agency")
    page.get_by_label("Name of the agency").fill("Example Co. SO")
    page.get_by_label("State or territory").select_option("Florida")
    steps.press(page, "Look up")
    expect(page.get_by_role("heading", name=re.compile("found for “Example Co. SO” in Florida"))).to_be_visible()
    look(tab, "agency found")
    steps.follow(page, "Counts by State, model and month")
    for image in page.locator("img.chart").all():
        image.scroll_into_view_if_needed()
        assert image.evaluate("image => image.naturalWidth") > 0
    look(tab, "counts")
    steps.follow(page, "Florida")
    look(tab, "agencies in a State")
    page.get_by_role("link", name="Example City Police Department").click()
    expect(page.get_by_role("heading", name="What the lists changed")).to_be_visible()
    look(tab, "an agency on the lists")
    page.goto("/lists/report?model=TFM")
    assert page.locator("img.chart--map").evaluate("image => image.naturalWidth") > 0
    look(tab, "counts of a model")
    page.goto(f"{opened}steps/agency")
    expect(page.get_by_text("It seems to be listed already")).to_be_visible()
    look(tab, "agency step with lists")
    page.goto(f"{opened}steps/models")
    expect(page.get_by_role("heading", name="Who takes part in Florida")).to_be_visible()
    look(tab, "models with lists")
    page.goto(f"{opened}review/")
    expect(page.get_by_text(re.compile("ICE already lists .* with TFM")).first).to_be_visible()
    look(tab, "review with lists")


@BOTH
def test_what_changed_in_the_lists_and_the_encounter_reports(
    tabs: Callable[..., Tab], tmp_path: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto("/lists/import")
    upload(page, "Published list", tmp_path, "participatingAgencies01152026am.xlsx", book(ROWS))
    steps.press(page, "Load this list")
    page.goto("/lists/")
    steps.follow(page, "Encounter reports")
    page.get_by_label("Month of the report").select_option("November 2025")
    upload(page, "File of the report", tmp_path, "november.csv", b"month,encounters\n2025-10,7\n2025-11,12\n")
    steps.press(page, "Keep this report")
    expect(page.get_by_role("link", name="november.csv")).to_be_visible()
    look(tab, "encounter reports")
    steps.follow(page, "Numbers by month")
    assert page.locator("img.chart").evaluate("image => image.naturalWidth") > 0
    look(tab, "numbers of an encounter report")
    page.goto("/lists/")
    steps.follow(page, "What changed")
    look(tab, "no change yet")
    page.goto("/lists/import")
    upload(page, "Published list", tmp_path, "participatingAgencies01162026am.xlsx", book(ROWS[:3]))
    steps.press(page, "Load this list")
    page.goto("/lists/timeline")
    look(tab, "what changed")
    page.get_by_label("State or territory").select_option("Georgia")
    steps.press(page, "Show")
    expect(page.get_by_text("Example County Sheriff's Office (GA, WSO): no longer listed")).to_be_visible()
    look(tab, "what changed in a State")


@BOTH
def test_papers_for_others_and_the_calendar(
    tabs: Callable[..., Tab], opened: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}documents/")
    steps.follow(page, "Papers for the signatory and the governing body, and a calendar")
    look(tab, "papers for others")
    for name in ("signatory-brief.pdf", "board-packet.pdf"):
        with page.expect_download() as waiting:
            page.locator(f'a[href$="{name}"]').click()
        assert waiting.value.suggested_filename == name
    steps.press(page, "Download the calendar")
    expect(page).to_have_title(re.compile("^Error: "))
    look(tab, "no day for the calendar")
    for part, text in (("Month", "March"), ("Day", "26"), ("Year", "2025")):
        page.get_by_label(part, exact=True).fill(text)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the calendar").click()
    assert waiting.value.suggested_filename == "287g-calendar.ics"


@BOTH
def test_rules_and_checklist(tabs: Callable[..., Tab], opened: str, viewport: ViewportSize, *, scripts: bool) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto("/program/rules")
    look(tab, "rules")
    steps.follow(page, re.compile("^Criteria for nominees"))
    look(tab, "criteria")
    page.goto(opened)
    look(tab, "task list with checklist")
    steps.follow(page, "Open the checklist")
    look(tab, "checklist")


def test_a_roster_is_given_by_keyboard_alone(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs().page
    page.goto(f"{opened}nominees/roster/")
    page.get_by_label("Paste rows").focus()
    page.keyboard.type("Name,Badge\nRobin Sample,2001\n")
    press_until(page, "Check the roster")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your roster")
    press_until(page, "Add the 1 good row")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 nominee is added.")).to_be_visible()


def test_16_the_links_take_one_line_at_320_and_stand_at_the_foot(tabs: Callable[..., Tab]) -> None:
    for scripts in (True, False):
        page = tabs(viewport=NARROW, scripts=scripts).page
        page.goto("/program/glossary")
        assert (page.locator(".site-header").bounding_box() or {"height": 999})["height"] < 70
        page.get_by_role("link", name="Menu").click()
        link = page.get_by_role("link", name="Official forms")
        expect(link).to_be_in_viewport()
        expect(page.get_by_role("link", name="About the program")).to_have_attribute("aria-current", "true")
        steps.follow(page, "Official forms")
        expect(page.get_by_role("heading", level=1)).to_have_text("Official forms")


def test_3_every_page_ends_where_its_head_ends_at_1280(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs(viewport=WIDE).page
    for address in ("/", opened, f"{opened}steps/agency", f"{opened}steps/models", f"{opened}nominees/"):
        page.goto(address)
        edges = "e => { const box = e.getBoundingClientRect(); return [box.left, box.right] }"
        assert page.locator(".page").evaluate(edges) == page.locator(".site-header__row").evaluate(edges)
        assert page.locator(".page").evaluate(edges)[1] < 1240
