"""From the link that the console prints to being signed in, in a real browser, with and without scripts."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from waitress.server import create_server

from assistant.app import create_app
from assistant.config import Config
from assistant.services.accounts import one_time_codes, people, setup_links
from tests.browser.conftest import NARROW, WIDE, Live
from tests.browser.test_journey import no_violation
from tests.web.made_people import PASSWORD, found_installation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import ViewportSize

    from tests.browser.conftest import Tab

NEW = "new.person@ecso.example.gov"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """A shared installation with one agency."""
    config = Config(instance_dir=tmp_path / "instance", mode="shared")
    found_installation(config)
    app = create_app(config)
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)

    def run() -> None:
        with suppress(OSError):
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield Live(address=f"http://127.0.0.1:{server.effective_port}", app=app)
    server.close()
    thread.join(timeout=10)
    app.extensions["assistant"].engine.dispose()


def link_for(live: Live, *roles: str) -> str:
    with live.app.extensions["assistant"].writer() as session:
        now = datetime.now(UTC)
        person = people.add_person(session, email=NEW, name="", now=now)
        people.set_roles(session, person, 1, roles, now=now)
        token = setup_links.make_link(session, person, now=now)
        session.commit()
    return f"/set-up/{token}"


def code_for(secret: str, *, steps: int = 0) -> str:
    step = int(datetime.now(UTC).timestamp()) // one_time_codes.SECONDS
    return one_time_codes.code_of_step(secret, step + steps)


def looks_right(tab: Tab, name: str) -> None:
    tab.page.wait_for_load_state()  # right after a click the new page may have no element yet
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True, name
    if tab.scripts:
        no_violation(tab, name)


@pytest.mark.parametrize(("viewport", "scripts"), [(WIDE, True), (NARROW, False)], ids=["1280", "320, no scripts"])
def test_from_the_link_to_signed_in_and_out_again(
    live: Live, tabs: Callable[..., Tab], viewport: ViewportSize, *, scripts: bool
) -> None:
    tab = tabs(viewport=viewport, scripts=scripts)
    page = tab.page
    page.goto(link_for(live, "administrator", "preparer"))
    looks_right(tab, "set-up")
    expect(page.get_by_role("img", name="A code for your authenticator app")).to_be_visible()
    secret = "".join((page.locator("main code").text_content() or "").split())
    page.get_by_label("Your name").fill("Nora New")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same password again").fill("something else")
    page.get_by_label("Six-digit code").fill(code_for(secret))
    page.get_by_role("button", name="Set up my account").click()
    expect(page.locator("#error-summary")).to_contain_text("not the same")
    looks_right(tab, "set-up with an error")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_label("Six-digit code").fill(code_for(secret, steps=-1))
    page.get_by_role("button", name="Set up my account").click()
    expect(page.get_by_role("heading", name="Your account is ready")).to_be_visible()
    assert page.locator("main li code").count() == 8
    looks_right(tab, "recovery codes")
    page.goto("/forms/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    looks_right(tab, "sign in")
    page.get_by_label("E-mail address").fill(NEW)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    looks_right(tab, "code")
    page.get_by_label("Six-digit code").fill(code_for(secret))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("fficial forms")
    expect(page.get_by_text("Signed in as Nora New")).to_be_visible()
    for name, heading in (("My account", "My account"), ("People", "People of Example County")):
        page.get_by_role("navigation", name="Account").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        looks_right(tab, heading)
    page.get_by_label("E-mail address").fill("sam@ecso.example.gov")
    page.get_by_label("Name", exact=True).fill("Sam Sample")
    page.get_by_text("Reviewer: ").click()
    page.get_by_role("button", name="Invite").click()
    expect(page.locator("#link")).to_contain_text("/set-up/")
    looks_right(tab, "invited")
    page.goto("/people/")
    page.get_by_role("link", name="Change Sam Sample").click()
    looks_right(tab, "person")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    page.goto("/people/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
