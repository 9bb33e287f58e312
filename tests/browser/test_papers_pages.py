"""Papers as pages, and what comes after signing: read, printed and sent on in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from assistant.services.application.parts import dump_part, load_part
from assistant.storage.sealed_file import open_with_code, seal_with_code
from tests.browser import steps
from tests.browser.test_more_pages import BOTH, look

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Tab


@BOTH
def test_each_paper_is_read_as_a_page_and_saved_as_a_file(
    tabs: Callable[..., Tab], opened: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}papers/")
    for audience, heading in (
        ("For the person who signs", "Before you sign"),
        ("For the governing body", "287(g) agreement"),
        ("For the budget", "Cost sheet"),
    ):
        steps.follow(page, re.compile(f"^{audience}$"))
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(f"^{re.escape(heading)}"))
        look(tab, f"paper {audience}")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download as PDF").click()
        assert waiting.value.suggested_filename.endswith(".pdf")
        page.emulate_media(media="print")
        expect(page.locator(".site-footer")).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.emulate_media(media="screen")
        steps.follow(page, "Back to the papers")


@BOTH
def test_changes_of_nominees_are_chosen_and_saved_as_files(
    tabs: Callable[..., Tab], opened: str, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(f"{opened}nominee-changes/")
    look(tab, "nominee changes")
    steps.press(page, "Download the letter")
    expect(page).to_have_title(re.compile("^Error: "))
    look(tab, "no nominee changes")
    page.get_by_label("Alex Nguyễn").select_option("Authority to be revoked")
    for button, ending in (("Download the letter", "letter.pdf"), ("Download the roster (spreadsheet)", ".xlsx")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=button).click()
        assert waiting.value.suggested_filename.endswith(ending)


@BOTH
def test_a_part_is_handed_over_opened_and_taken_back(
    tabs: Callable[..., Tab], opened: str, tmp_path: Path, viewport: ViewportSize, *, scripts: bool
) -> None:
    tab, other = (tabs(viewport=viewport, scripts=scripts) for _ in range(2))
    page = tab.page
    page.goto(opened)
    steps.follow(page, "Hand over a part")
    look(tab, "hand over a part")
    page.get_by_role("button", name="Download the sealed file").click()
    expect(page).to_have_title(re.compile("^Error: "))
    look(tab, "nothing chosen to hand over")
    page.get_by_label("Signatory").check()
    code = page.locator(".file-code code").inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the sealed file").click()
    file = tmp_path / "part.moapart"
    waiting.value.save_as(file)
    page.goto("/applications/from-colleague")
    look(tab, "open a file")
    page.get_by_label("The sealed file").set_input_files(file)
    page.get_by_label("The code").fill("2222-2222-2222-2222-2222")
    steps.press(page, "Open the file")
    expect(page.get_by_role("alert")).to_contain_text("The code does not open this file")
    look(tab, "wrong code")
    page.get_by_label("The sealed file").set_input_files(file)
    page.get_by_label("The code").fill(code)
    steps.press(page, "Open the file")
    expect(page.get_by_role("alert")).to_contain_text("made here")
    # What comes back from another installation: the same part with another title, which was changed here as well.
    handed = load_part(open_with_code(file.read_bytes(), code))
    values = {**handed.mine.values, "signatory.title": "Chief Deputy", "signatory.phone": "(727) 555-0199"}
    back = replace(handed, returned=True, mine=replace(handed.mine, values=values))
    file.write_bytes(seal_with_code(dump_part(back), code))
    other.page.goto(f"{opened}steps/signatory")
    other.page.get_by_label("Title").fill("Undersheriff")
    steps.press(other.page, "Save and continue")
    page.get_by_label("The sealed file").set_input_files(file)
    page.get_by_label("The code").fill(code)
    steps.press(page, "Open the file")
    expect(page.get_by_role("heading", name="What came back")).to_be_visible()
    look(tab, "what came back")
    page.get_by_label("From the file: Chief Deputy").check()
    steps.press(page, "Save")
    look(tab, "chosen what to keep")
    page.goto(f"{opened}steps/signatory")
    expect(page.get_by_label("Title")).to_have_value("Chief Deputy")
    expect(page.get_by_label("Phone")).to_have_value("(727) 555-0199")
