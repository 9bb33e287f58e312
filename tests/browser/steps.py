"""The journey of a novice, as a person would make it: by the words on the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

SHORT = "Example County Sheriff’s Office"


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button that leads to a page, and wait for that page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def follow(page: Page, name: str | re.Pattern[str], *, exact: bool = False) -> None:
    """Follow a link to a page, and wait for that page."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=exact).click()


def start(page: Page) -> str:
    """Start an application from the first page, and return its address."""
    page.goto("/")
    press(page, "Start a new application")
    return page.url.removesuffix("steps/before-you-begin")


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=re.compile(re.escape(question))).get_by_text(answer, exact=True).click()


def on(page: Page) -> None:
    press(page, "Save and continue")


def keep_forms(page: Page, folder: Path) -> Iterator[str]:
    """Add the blank forms, and yield the name of each page seen."""
    for name in ("moa-tfm-rev2025-02-12.pdf", "moa-wso-rev2025-02-14.pdf"):
        page.goto("/forms/add")
        page.get_by_label("Blank official form").set_input_files(folder / name)
        press(page, "Only look at it")
        yield f"inspected {name}"
        page.go_back()
        page.get_by_label("Blank official form").set_input_files(folder / name)
        press(page, "Add this form")
    yield "forms"


def answer_everything(page: Page) -> Iterator[str]:  # noqa: PLR0915 - one journey, told in one go
    """Fill every page from the first to the review, and yield the name of each page seen."""
    page.goto("/")
    yield "home"
    press(page, "Start a new application")
    yield "before you begin"
    press(page, "Continue")
    yield "agency"
    page.get_by_label("Full legal name of the agency", exact=True).fill(SHORT)
    page.get_by_label("Short name or initials", exact=True).fill("ECSO")
    choose(page, "Kind of agency", "County")
    page.get_by_label("County, city, State or tribe the agency represents", exact=True).fill("Example County, Florida")
    page.get_by_label("State or territory", exact=True).select_option("Florida")
    page.get_by_label("County where it is", exact=True).fill("Pasco")
    on(page)
    yield "address"
    page.get_by_label("Street address", exact=True).fill("100 Main Street")
    page.get_by_label("City", exact=True).fill("Example City")
    page.get_by_label("State or territory of the address", exact=True).select_option("Florida")
    page.get_by_label("ZIP Code", exact=True).fill("34652")
    page.get_by_label("Main telephone number", exact=True).fill("727.555.0100")
    page.get_by_label("General email address", exact=True).fill(" records@ecso .example.gov")
    on(page)
    yield "eligibility"
    choose(page, "Is it a law-enforcement agency", "No")
    on(page)
    yield "not eligible"
    follow(page, "Change the answer")
    choose(page, "Is it a law-enforcement agency", "Yes")
    choose(page, "run a jail", "Yes")
    choose(page, "patrol", "Yes")
    on(page)
    yield "models"
    page.get_by_text("Task Force Model (TFM)").first.click()
    page.get_by_text("Warrant Service Officer (WSO)").first.click()
    on(page)
    yield "approvals"
    board = page.get_by_role("group", name="Date of its approval")
    page.get_by_label("Governing body that approves the agreement", exact=True).fill(
        "Example County Board of County Commissioners"
    )
    for part, text in (("Month", "Febtember"), ("Day", "12"), ("Year", "2026")):
        board.get_by_label(part).fill(text)
    on(page)
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("#error-summary")).to_be_focused()
    yield "approvals with an error"
    page.locator("#error-summary a").click()
    expect(board.get_by_label("Month", exact=True)).to_be_focused()
    board.get_by_label("Month", exact=True).fill("January")
    counsel = page.get_by_role("group", name="Date of legal counsel’s review")
    for part, text in (("Month", "1"), ("Day", "8"), ("Year", "2026")):
        counsel.get_by_label(part).fill(text)
    on(page)
    yield "signatory"
    page.get_by_label("Full name", exact=True).fill("Jordan Núñez")
    page.get_by_label("Title", exact=True).fill("Sheriff")
    choose(page, "sheriff, chief or head", "Yes")
    _reach(page, "(727) 555-0101", "sheriff@ecso.example.gov")
    on(page)
    yield "program contact"
    page.get_by_label("Full name", exact=True).fill("Sam O’Brien")
    page.get_by_label("Title", exact=True).fill("Captain")
    _reach(page, "(727) 555-0102", "sam@ecso.example.gov")
    on(page)
    yield "public information contact"
    page.get_by_label("Full name", exact=True).fill("Dana Lee")
    page.get_by_label("Title", exact=True).fill("Public Information Officer")
    _reach(page, "(727) 555-0103", "pio@ecso.example.gov")
    on(page)
    yield "ice office"
    expect(page.get_by_label("ERO field office", exact=True)).to_have_value("Miami")
    page.get_by_label("OPLA office", exact=True).fill("Orlando")
    on(page)
    yield "no nominees yet"
    follow(page, "Add a nominee")
    yield "nominee"
    page.get_by_label("Full name", exact=True).fill("Alex Nguyễn")
    page.get_by_label("Rank or title", exact=True).fill("Deputy")
    page.get_by_text("Task Force Model (TFM)").click()
    on(page)
    yield "criteria"
    choose(page, "citizen of the United States", "Yes")
    choose(page, "know the laws", "Yes")
    choose(page, "background investigation", "Completed and passed")
    for group, parts in (
        ("When was the background", ("November", "3", "2025")),
        ("Law-enforcement officer since", ("6", "1", "2018")),
    ):
        box = page.get_by_role("group", name=re.compile(group))
        for part, text in zip(("Month", "Day", "Year"), parts, strict=True):
            box.get_by_label(part).fill(text)
    on(page)
    yield "nominees"
    press(page, "Continue")
    yield "review"


def _reach(page: Page, phone: str, email: str) -> None:
    page.get_by_label("Telephone", exact=True).fill(phone)
    page.get_by_label("Email address", exact=True).fill(email)


def export(page: Page, folder: Path, *, look: Callable[[str], None]) -> Path:
    """Go from the review to the downloaded bundle, looking at each page, and return the file."""
    press(page, "Continue to the documents")
    look("documents")
    follow(page, "Memorandum of Agreement, TFM", exact=True)
    look("preview")
    follow(page, "Back to the documents")
    follow(page, "Email draft, not sent", exact=True)
    look("email draft")
    follow(page, "Back to the documents")
    press(page, re.compile("^Export"))
    look("result")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("^Download the bundle")).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path
