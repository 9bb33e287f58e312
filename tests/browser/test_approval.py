"""Four people, one application: asked, commented, answered, approved, changed, and no longer approved."""

from __future__ import annotations

import re
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from waitress.server import create_server

from assistant.app import create_app
from assistant.config import Config
from assistant.services.accounts import one_time_codes
from tests.browser import steps
from tests.browser.conftest import NARROW, WIDE, Live
from tests.browser.test_journey import no_violation
from tests.web.made_people import PASSWORD, SECRET, add_person, email_of, found_installation
from tests.web.made_up import add_application

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from tests.browser.conftest import Tab

PREPARER, REVIEWER, APPROVER = "Pat Preparer", "Rae Reviewer", "Casey Approver"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """A shared installation with one agency and four people."""
    config = Config(instance_dir=tmp_path / "instance", mode="shared")
    agency_id = found_installation(config)
    app = create_app(config)
    parts = app.extensions["assistant"]
    with parts.writer() as session:
        for name, role in ((PREPARER, "preparer"), (REVIEWER, "reviewer"), (APPROVER, "approver")):
            add_person(session, name, agency_id, [role])
        session.commit()
    app.extensions["agency_of_test"] = agency_id
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)

    def run() -> None:
        with suppress(OSError):
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield Live(address=f"http://127.0.0.1:{server.effective_port}", app=app)
    server.close()
    thread.join(timeout=10)
    parts.engine.dispose()


@pytest.fixture
def opened(live: Live) -> str:
    return f"/applications/{add_application(live.app.extensions['assistant'], live.app.extensions['agency_of_test'])}/"


def enter(page: Page, name: str) -> None:
    """Sign a person in, as the pages ask for it."""
    page.goto("/")
    page.get_by_label("E-mail address").fill(email_of(name))
    page.get_by_label("Password").fill(PASSWORD)
    steps.press(page, "Continue")
    code = one_time_codes.code_of_step(SECRET, int(time.time()) // one_time_codes.SECONDS)
    page.get_by_label("Six-digit code").fill(code)
    steps.press(page, re.compile("^Sign in$"))
    expect(page.get_by_text(name).first).to_be_visible()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_an_approval_holds_until_an_answer_changes(  # noqa: PLR0915 - one story, told in one go
    tabs: Callable[..., Tab], opened: str, viewport: ViewportSize
) -> None:
    scripts = viewport is WIDE
    people = {name: tabs(viewport=viewport, scripts=scripts) for name in (PREPARER, REVIEWER, APPROVER)}
    for name, tab in people.items():
        enter(tab.page, name)

    def see(name: str, title: str) -> None:
        people[name].look(title)
        if scripts:
            no_violation(people[name], title)

    preparer, reviewer, approver = (people[name].page for name in people)

    preparer.goto(opened)
    steps.follow(preparer, "Review and approval")
    see(PREPARER, "approval nothing asked")
    preparer.get_by_label("Note to the reviewer").fill("Please look at the phone number.")
    steps.press(preparer, "Ask for a review")
    expect(preparer.get_by_text("Pat Preparer asked for a review on")).to_be_visible()

    reviewer.goto(f"{opened}approval/")
    expect(reviewer.get_by_text("Please look at the phone number.")).to_be_visible()
    see(REVIEWER, "approval asked")
    reviewer.goto(f"{opened}comments/?on=agency.phone")
    reviewer.get_by_label("Your comment").fill("Is this the main number?")
    see(REVIEWER, "comments none")
    steps.press(reviewer, "Add the comment")
    expect(reviewer.get_by_text("Is this the main number?")).to_be_visible()
    reviewer.goto(f"{opened}approval/")
    steps.press(reviewer, "I have finished the review")
    expect(reviewer.get_by_text("Rae Reviewer finished the review")).to_be_visible()

    preparer.goto(opened)
    expect(preparer.get_by_text("1 comment to answer.")).to_be_visible()
    see(PREPARER, "hub with a comment")
    preparer.goto(f"{opened}review/")
    expect(preparer.locator('[id="row-agency.phone"]')).to_contain_text("Is this the main number?")
    see(PREPARER, "review with a comment")
    preparer.goto(f"{opened}steps/address")
    expect(preparer.get_by_text("Is this the main number?")).to_be_visible()
    see(PREPARER, "step with a comment")
    preparer.get_by_label("Main telephone number").fill("(727) 555-0177")
    steps.on(preparer)
    preparer.goto(f"{opened}comments/")
    steps.press(preparer, re.compile("^Mark as resolved"))
    expect(preparer.get_by_text("No comment is waiting for an answer.")).to_be_visible()
    see(PREPARER, "comments resolved")

    approver.goto(f"{opened}approval/")
    steps.follow(approver, "Read it, and approve or decline")
    see(APPROVER, "signatory to approve")
    steps.press(approver, "Decline")
    expect(approver).to_have_title(re.compile("^Error: "))
    expect(approver.locator("#error-summary")).to_contain_text("Enter the reason")
    see(APPROVER, "signatory without a reason")
    steps.press(approver, "Approve")
    expect(approver.get_by_text("Exactly what would print now is approved.")).to_be_visible()
    see(APPROVER, "approval approved")

    stale = f"{opened}signatory/"
    approver.goto(stale)
    preparer.goto(f"{opened}steps/address")
    preparer.get_by_label("Main telephone number").fill("(727) 555-0188")
    steps.on(preparer)
    preparer.goto(f"{opened}approval/")
    expect(preparer.get_by_text("but something changed since").first).to_be_visible()
    expect(preparer.get_by_role("link", name="Address: Main telephone number")).to_be_visible()
    see(PREPARER, "approval void")

    steps.press(approver, "Approve")
    expect(approver).to_have_title(re.compile("^Error: "))
    expect(approver.get_by_role("heading", name="What changed while you were reading")).to_be_visible()
    see(APPROVER, "signatory changed while reading")
    steps.press(approver, "Approve")
    expect(approver.get_by_text("Exactly what would print now is approved.")).to_be_visible()
    steps.press(approver, "Lock it for changes")
    expect(approver.get_by_text("Locked for changes")).to_be_visible()
    see(APPROVER, "approval locked")

    preparer.goto(f"{opened}steps/address")
    see(PREPARER, "step locked")
    preparer.get_by_label("Main telephone number").fill("(727) 555-0199")
    steps.on(preparer)
    expect(preparer.get_by_role("heading", name="This application is locked")).to_be_visible()
    see(PREPARER, "locked save refused")
    steps.press(approver, "Unlock it")
    preparer.goto(f"{opened}steps/address")
    steps.follow(preparer, re.compile("^(Restore|Show|Put)"))
    expect(preparer.get_by_label("Main telephone number")).to_have_value("(727) 555-0199")
