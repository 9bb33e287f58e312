"""What every test may ask for, and the switch by which CI takes no skip for an answer."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from assistant import answers
from assistant import config as installed
from assistant.storage.database import make_engine, migrate

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SHARED_ABSENT = "the shared folder is absent"
ELSEWHERE = ("only on Windows", "only on macOS")
PROGRAMS = ("git", "pdftocairo", "pdftotext", "qpdf")
"""What some tests start and no package of the lock brings."""
SUBPROCESS = Path(subprocess.__file__)
NO_SKIP = os.environ.get("ASSISTANT_TEST_NO_SKIP") == "1"
FONT_ABSENT = "the font for names is not installed: run `python3 bootstrap.py setup`"
FONT_MISSED: set[str] = set()
"""Filled while a test asks for a font that set-up could not get."""

# No deadline: a busy machine is no fault of the code. In CI the same examples every time.
settings.register_profile("ours", deadline=None, derandomize=NO_SKIP, print_blob=True)
settings.load_profile("ours")


def pytest_configure(config: pytest.Config) -> None:
    """Keep tests out of the real instance, and the tester's own settings out of the tests."""
    for name in [name for name in os.environ if name.startswith("ASSISTANT_") and "_TEST_" not in name]:
        del os.environ[name]
    if installed.assets_dir() is None:
        _watch_for_the_font()
    folder = tempfile.mkdtemp(prefix="moa-test-")
    os.environ["ASSISTANT_INSTANCE_DIR"] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def _watch_for_the_font() -> None:
    real = installed.font_path

    def font_path(style: Literal["Regular", "Bold"]) -> Path:
        FONT_MISSED.add(style)
        return real(style)

    installed.font_path = font_path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin first, so that no core waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_runtest_setup() -> None:
    """Note anew what the next test misses."""
    FONT_MISSED.clear()


def _may_skip(reason: str) -> bool:
    return (SHARED_ABSENT in reason and not SHARED.is_dir()) or any(place in reason for place in ELSEWHERE)


def _absent_programs(call: pytest.CallInfo[None]) -> str:
    """Return which of the programs above a test asked for in vain, or nothing."""
    found = call.excinfo
    if found is None or not isinstance(found.value, FileNotFoundError) or found.traceback[-1].path != SUBPROCESS:
        return ""
    absent = [name for name in PROGRAMS if not shutil.which(name)]
    # Windows does not say which it was.
    named = found.value.filename
    return ", ".join(absent) if named is None else named * (named in absent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skip of a failure for want of what is not installed; with the switch, a failure of an unexcused skip."""
    report = yield
    if not NO_SKIP and report.failed:
        names = _absent_programs(call)
        why = f"{names} is not installed" if names else FONT_ABSENT if FONT_MISSED else ""
        if why:
            report.outcome = "skipped"
            report.longrepr = (report.location[0], (report.location[1] or 0) + 1, f"Skipped: {why}")
    # An expected failure is reported as skipped too, and is none.
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[-1]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not _may_skip(reason):
            report.outcome = "failed"
            report.longrepr = f"Skipped where nothing may be: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a module that skips itself whole."""
    report = yield
    if NO_SKIP and report.outcome == "skipped":
        reason = str(report.longrepr[-1]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not _may_skip(reason):
            report.outcome = "failed"
            report.longrepr = f"Skipped where nothing may be: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests of faults noted with ``record_property``."""
    reports = (report for rows in terminalreporter.stats.values() for report in rows)
    figures = [pair for report in reports if getattr(report, "when", "") == "call" for pair in report.user_properties]
    if figures:
        terminalreporter.section("figures")
    for what, figure in sorted(figures):
        terminalreporter.line(f"{what}: {figure}")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the clone."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of official forms, lists and the design, which lies beside the clone."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED_ABSENT}: {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def official_forms(shared: Path) -> Path:
    """Return the folder of the publisher's blank forms."""
    return shared / "official-forms"


@pytest.fixture(scope="session")
def program_sheets(shared: Path) -> Path:
    """Return the folder of ICE's published lists."""
    return shared / "program-sheets"


@pytest.fixture(scope="session")
def example_path(shared: Path) -> Path:
    """Return the made-up application of the design."""
    return shared / "design" / "example-application.json"


@pytest.fixture(scope="session")
def example_answers(example_path: Path) -> answers.Answers:
    """Return the answers of the made-up application."""
    return answers.parse(example_path.read_bytes())


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite database with every table and no row; who needs one takes a copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def font() -> None:
    """Skip a test whose programs need the font for names, where set-up could not get it."""
    if installed.assets_dir() is None:
        pytest.skip(FONT_ABSENT)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the browser of the machine."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if found := shutil.which(name):
            return Path(found)
    pytest.skip("no Chromium is installed")
