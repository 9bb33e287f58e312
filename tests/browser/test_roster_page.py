"""A roster of forty people with ten odd cells goes through its page without a second upload, by keyboard too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_journey import no_violation, press_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Tab

HEADINGS = ("Name", "Badge number", "Law enforcement since", "US citizen", "Background investigation", "Models")
FIRST_NAMES, LAST_NAMES = ("Alex", "Robin", "Kim", "Sam", "Jo"), (
    "Sample", "Example", "Tester", "Núñez", "Nguyễn", "Lee", "Park", "Stone",
)  # fmt: skip
ODD: dict[tuple[int, str], tuple[str, str]] = {
    (2, "US citizen"): ("perhaps", "yes"),
    (5, "Law enforcement since"): ("06/31/2018", "06/30/2018"),
    (9, "Models"): ("Task Farce", "TFM"),
    (11, "US citizen"): ("sometimes", "no"),
    (14, "Law enforcement since"): ("a while ago", "2015-05-01"),
    (20, "Background investigation"): ("who knows", "pending"),
    (21, "Models"): ("JEM?", "WSO"),
    (30, "US citizen"): ("half", "yes"),
    (33, "Law enforcement since"): ("13/45/2017", "3/4/2017"),
    (40, "Badge number"): ("123-45-6789", "2099"),
}
"""By row and column: what the sheet says, and what a person types."""
NEVER_SHOWN = ("Badge number", "Background investigation")
"""Columns whose odd cell is not shown: it looks like a Social Security number, or could be the result of a check."""


def forty() -> list[list[str]]:
    names = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    rows = [[name, str(2001 + n), "06/01/2018", "yes", "completed", "TFM"] for n, name in enumerate(names)]
    for (row, heading), (odd, _) in ODD.items():
        rows[row - 2][HEADINGS.index(heading)] = odd
    return [list(HEADINGS), *rows, ["Vacant", "", "", "", "", ""]]


def look(tab: Tab, name: str) -> None:
    tab.look(name)
    if tab.scripts:
        no_violation(tab, name)


def box(row: int, heading: str) -> str:
    return f"#cell-{row}-{HEADINGS.index(heading)}"


@pytest.mark.parametrize(("viewport", "scripts"), [(WIDE, True), (NARROW, False)], ids=["1280", "320, no scripts"])
def test_forty_people_with_ten_odd_cells_need_no_second_upload(
    tabs: Callable[..., Tab], opened: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}nominees/")
    steps.follow(page, "Add many from a spreadsheet")
    page.get_by_label("Paste rows").fill("\n".join("\t".join(row) for row in forty()))
    steps.press(page, "Check the roster")
    expect(page.get_by_text("30 rows can be added; 10 rows must be corrected first")).to_be_visible()
    expect(page.get_by_role("heading", name="To correct (10)")).to_be_visible()
    expect(page.get_by_role("heading", name="Rows set aside (1)")).to_be_visible()
    expect(page.locator("#column-0")).not_to_be_visible()
    look(tab, "a roster with ten questions")
    for number, ((row, heading), (odd, right)) in enumerate(ODD.items()):
        cell = page.locator(box(row, heading))
        expect(cell).to_have_value("" if heading in NEVER_SHOWN else odd)
        if number < 8:
            cell.fill(right)
    steps.press(page, "Save corrections and read again")
    expect(page.get_by_text("38 rows can be added; 2 rows must be corrected first")).to_be_visible()
    look(tab, "a roster with two questions")
    steps.press(page, "Add the 38 good rows")
    expect(page.get_by_text("38 nominees are added.")).to_be_visible()
    expect(page.get_by_text("2 rows wait.")).to_be_visible()
    look(tab, "what to ask, while two rows wait")
    page.goto(f"{opened}nominees/")
    look(tab, "nominees, while two rows wait")
    steps.follow(page, "Correct these rows, or delete them")
    for (row, heading), (_, right) in list(ODD.items())[8:]:
        page.locator(box(row, heading)).fill(right)
    steps.press(page, "Save corrections and read again")
    expect(page.get_by_text("2 rows can be added; 0 rows must be corrected first. 38 from this roster")).to_be_visible()
    look(tab, "the last rows of a roster")
    steps.press(page, "Add the 2 good rows")
    expect(page.get_by_text("2 nominees are added.")).to_be_visible()
    page.goto(f"{opened}nominees/")
    expect(page.get_by_text("41 nominees")).to_be_visible()
    expect(page.get_by_text(re.compile("rows? waits?\\."))).to_have_count(0)


def test_a_cell_is_corrected_by_keyboard_alone(tabs: Callable[..., Tab], opened: str) -> None:
    page = tabs(viewport=NARROW).page
    page.goto(f"{opened}nominees/roster/")
    page.get_by_label("Paste rows").fill("Name\tUS citizen\nRobin Sample\tperhaps\nKim Sample\tyes")
    steps.press(page, "Check the roster")
    press_until(page, "cell-2-1")
    page.keyboard.press("Control+A")
    page.keyboard.type("yes")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("2 rows can be added; 0 rows must be corrected first")).to_be_visible()
    expect(page.get_by_text("Nothing has been added yet.")).to_be_visible()
    press_until(page, "Add the 2 good rows")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 nominees are added.")).to_be_visible()


def test_one_sheet_of_several_or_all_are_chosen(tabs: Callable[..., Tab], opened: str, tmp_path: Path) -> None:
    file = tmp_path / "shifts.xlsx"
    rows = [["Name", "Badge number"], ["Robin Sample", "1"], ["Kim Sample", "2"]]
    others = [["Name", "Badge number"], ["Alex Night", "3"]]
    book = Workbook()
    for name, sheet_rows in (("Day", rows), ("Night", others)):
        sheet = book.active if name == "Day" else book.create_sheet()
        assert sheet is not None
        sheet.title = name
        for row in sheet_rows:
            sheet.append(row)
    book.save(file)
    tab = tabs(viewport=NARROW, scripts=False)
    page = tab.page
    page.goto(f"{opened}nominees/roster/")
    page.get_by_label("Or choose a file").set_input_files(file)
    steps.press(page, "Check the roster")
    expect(page.get_by_text("2 rows can be added")).to_be_visible()
    look(tab, "a roster of two sheets")
    page.get_by_text("Night (1)").click()
    steps.press(page, "Read this sheet")
    expect(page.get_by_text("1 row can be added")).to_be_visible()
    page.get_by_text("All sheets (3 people)").click()
    steps.press(page, "Read this sheet")
    expect(page.get_by_text("3 rows can be added")).to_be_visible()
    page.get_by_text("Warrant Service Officer").click()
    steps.press(page, "Add the 3 good rows")
    expect(page.get_by_text("3 nominees are added.")).to_be_visible()
