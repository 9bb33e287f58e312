"""A novice who knows an agency and a roster, and nothing of the program: reads the pages, and counts what it takes.

No address is known beyond the first page. On each page the boxes, lists and choices whose words the novice has an
answer to are filled in; then comes the button that goes on. What the pages say is kept by page, so that a test can ask
whether a page said in time what the review says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from playwright.sync_api import Locator, Page

LONG_NAME = "Sample Springs and Example Lake Joint County Sheriff’s Office"
"""Too long for the smallest name blank of the agreements."""
SHORTER = "Sample Springs Co. SO"
SIGNATORY, PROGRAM, PUBLIC = "Signatory", "Program contact", "Public information contact"
TEXTS: dict[str, str] = {
    "Full legal name of the agency": LONG_NAME,
    "Short name or initials": "SSSO",
    "County, city, State or tribe the agency represents": "Example County, Florida",
    "County where it is": "Pasco",
    "Street address": "100 Main Street",
    "City": "Example City",
    "ZIP Code": "34652",
    "Main telephone number": "(727) 555-0100",
    "General email address": "records@ssso.example.gov",
    "Governing body that approves the agreement": "Example County Board of County Commissioners",
    "OPLA office": "Orlando",
}
"""What the novice types, by the label of the box."""
PEOPLE: dict[str, dict[str, str]] = {
    SIGNATORY: {
        "Full name": "Jordan Núñez", "Title": "Sheriff",
        "Telephone": "(727) 555-0101", "Email address": "sheriff@ssso.example.gov",
    },
    PROGRAM: {
        "Full name": "Sam O’Brien", "Title": "Captain, Patrol Operations",
        "Telephone": "(727) 555-0102", "Email address": "sam@ssso.example.gov",
    },
    PUBLIC: {
        "Full name": "Dana Lee", "Title": "Public Information Officer",
        "Telephone": "(727) 555-0103", "Email address": "pio@ssso.example.gov",
    },
}  # fmt: skip
"""The same for people, by the heading of the page or of the part of a page that asks for them."""
DATES = {
    "Date of its approval": ("January", "12", "2026"),
    "Date of legal counsel’s review": ("January", "8", "2026"),
}
SELECTED = {"State or territory": "Florida"}
CHOSEN: tuple[tuple[str, Sequence[str]], ...] = (
    ("Kind of agency", ("County",)),
    ("Is it a law-enforcement agency", ("Yes",)),
    ("run a jail", ("Yes",)),
    ("patrol", ("Yes",)),
    ("sheriff, chief or head", ("Yes",)),
    ("Which models are you applying for", ("Task Force Model", "Warrant Service Officer", "Jail Enforcement Model")),
)
"""What the novice ticks, by words of the question."""
GO_ON = (
    "Start a new application",
    "Check the roster",
    re.compile(r"^Add the \d+ good rows?$"),
    re.compile("^(Download the bundle|Export the bundle)"),
    re.compile("^(Save and continue|Continue|Continue to the documents)$"),
    re.compile("^(Start|Continue): "),
)
"""The words that lead on, those that are right before all others first."""
HEADINGS = (
    "Name", "Rank", "Badge number", "Models", "US citizen", "Background investigation", "Background completed on",
    "Law enforcement since", "Enforced laws", "Facility security trained", "Enforced inmate rules",
    "Authority to enforce inmate rules",
)  # fmt: skip


def roster_of(count: int) -> str:
    """Return a roster as it is copied from a spreadsheet: made-up people who meet every criterion."""
    first, last = ("Alex", "Robin", "Kim", "Sam", "Jo", "Dana"), ("Sample", "Tester", "Lee", "Park", "Stone")
    names = [f"{one} {other}" for other in last for one in first][:count]
    rows = [
        [
            name, "Deputy", str(3001 + number), "TFM, WSO, JEM", "yes", "completed", "11/03/2025", "06/01/2018",
            "yes", "yes", "yes", "yes",
        ]
        for number, name in enumerate(names)
    ]  # fmt: skip
    return "\n".join("\t".join(row) for row in (HEADINGS, *rows))


@dataclass
class Novice:
    """Someone at the keyboard: ``clicks`` are those beyond typing, ``pages`` those that were loaded."""

    page: Page
    forms: Sequence[Path]
    people: int = 30
    shortens: bool = True
    """Whether the novice shortens a name where the page says that it is too long."""
    texts: Mapping[str, str] = field(default_factory=lambda: TEXTS)
    head_signs: bool = True
    clicks: int = 0
    pages: int = 0
    walk: list[str] = field(default_factory=list)
    """The headings of the pages, one for each page loaded."""
    said: dict[str, str] = field(default_factory=dict)
    """What was on a page by its heading: as it was left, and what the next page said of it."""
    files_given: bool = False
    roster_given: bool = False

    def __post_init__(self) -> None:
        self.page.on("domcontentloaded", lambda _: self._count_page())

    def _count_page(self) -> None:
        self.pages += 1

    def go_from_nothing_to(self, goal: str, *, most_pages: int = 40) -> None:
        """Start at the first page and do what each page asks, up to the page with this heading."""
        self.page.goto("/")
        for _ in range(most_pages):
            heading = self.heading()
            self.walk.append(heading)
            if heading == goal:
                return
            self.fill_page()
            self.go_on()
        raise AssertionError(f"not there after {most_pages} pages: {self.walk}")

    def download(self, folder: Path) -> Path:
        """Press what downloads the bundle, and return the file."""
        way = self.way_on()
        self.clicks += 1
        with self.page.expect_download() as waiting:
            way.click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def heading(self) -> str:
        self.page.wait_for_load_state("load")
        return self.page.locator("h1").inner_text()

    def fill_page(self) -> None:
        main = self.page.locator("main")
        # By id: while something is typed, the page may show a box for a shorter wording between two others.
        boxes = main.locator("input[type=text]:visible, select:visible, textarea:visible")
        for box_id in boxes.evaluate_all("boxes => boxes.map(box => box.id)"):
            self._fill(main.locator(f"[id='{box_id}']"))
        for words, wanted in DATES.items():
            self._fill_date(main.get_by_role("group", name=re.compile(words)), wanted)
        chosen = (
            CHOSEN if self.head_signs else [(words, ("No",) if "head" in words else tick) for words, tick in CHOSEN]
        )
        for words, answers in chosen:
            group = main.get_by_role("group", name=re.compile(re.escape(words)))
            for answer in answers if group.count() else ():
                self._tick(group, answer)
        box = main.locator("input[type=file]:visible").first
        if not self.files_given and box.count() and "official form" in self.label_of(box).lower():
            self.clicks += 1
            box.set_input_files(self.forms)
            self.files_given = True
        if self.shortens:
            self._shorten(main)

    def label_of(self, box: Locator) -> str:
        return str(box.evaluate("e => (e.labels[0] || {textContent: ''}).textContent.trim()"))

    def part_of(self, box: Locator) -> str:
        """Return the heading over a box: that of its part of the page, or of the page."""
        legend = (
            "e => (e.closest('fieldset')?.querySelector('legend') || document.querySelector('h1')).textContent.trim()"
        )
        return str(box.evaluate(legend))

    def _fill(self, box: Locator) -> None:
        label = self.label_of(box)
        if box.evaluate("e => e.tagName") == "SELECT":
            wanted = SELECTED.get(label) or (SELECTED["State or territory"] if label.startswith("State or") else None)
            if wanted and not box.input_value():
                self.clicks += 1
                box.select_option(wanted)
            return
        if label == "Paste rows" and not self.roster_given:
            box.fill(roster_of(self.people))
            self.roster_given = True
            return
        text = self.texts.get(label) or PEOPLE.get(self.part_of(box), {}).get(label)
        if text and not box.input_value():
            box.fill(text)

    def _fill_date(self, group: Locator, wanted: Sequence[str]) -> None:
        for part, text in zip(("Month", "Day", "Year"), wanted, strict=True):
            box = group.get_by_label(part, exact=True)
            if box.count() and not box.input_value():
                box.fill(text)

    def _tick(self, group: Locator, answer: str) -> None:
        box = group.get_by_label(re.compile(f"^{re.escape(answer)}")).first
        if not box.is_checked():
            self.clicks += 1
            box.check(force=True)

    def _shorten(self, main: Locator) -> None:
        """Type a shorter wording where the page says that a name is too long, and has a box for it."""
        shorter = main.get_by_label(re.compile("^Shorter wording of “Full legal name"))
        if self.page.get_by_label("Full legal name of the agency", exact=True).count():
            self.page.wait_for_timeout(1_500)  # the server measures what is typed
        if shorter.count() and shorter.is_visible() and not shorter.input_value():
            shorter.fill(SHORTER)

    def go_on(self) -> None:
        """Press what leads on, and keep what this page said and what the next one says of it."""
        here = self.heading()
        self.said[here] = self.said.get(here, "") + self.page.locator("main").inner_text()
        self.clicks += 1
        with self.page.expect_navigation():
            self.way_on().click()
        self.page.wait_for_load_state("load")
        self.said[here] += self.page.locator("main").inner_text()

    def way_on(self) -> Locator:
        """Return the button or link that leads on."""
        main = self.page.locator("main")
        for words in GO_ON:
            for role in ("button", "link"):
                found = main.get_by_role(role, name=words)
                if found.count() and found.first.is_visible():
                    return found.first
        raise AssertionError(f"nothing leads on from {self.heading()}")


def warnings_of_review(page: Page) -> list[tuple[str, str]]:
    """Return (name of the page where it is corrected, message) of each finding that the review does not only note."""
    rows = []
    for row in page.locator(".finding--blocker, .finding--warning").all():
        place = row.locator(".finding__change [aria-hidden]")
        heading = place.inner_text().split(":")[0] if place.count() else ""
        rows.append((heading, row.locator(".finding__message").inner_text().split(" ", 1)[1]))
    return rows


SIZE = re.compile(r"too small to be read|hard to read|cut off|does not fit")
SIZE_BESIDE_QUESTION = re.compile(r"too small to read|is small|cut off there")


def late_warnings(found: Sequence[tuple[str, str]], said: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return those that the page they are about did not say when it was saved.

    Of a text that is too long a page tells in figures, in the line under the question; of an older form, in its row.
    """
    return [
        (heading, message)
        for heading, message in found
        if message not in said.get(heading, "")
        and not (heading == "Editions of the forms" and "This program knows a newer one" in said["Before you begin"])
        and not (SIZE.search(message) and SIZE_BESIDE_QUESTION.search(said.get(heading, "")))
    ]
