"""What SECURITY.md and docs/security say is so: tests and modules exist, counts are right, tables fit the code."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import fields
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Config
from assistant.services.jobs.worker import EVENTS
from assistant.storage import database
from assistant.storage.tables import Base

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "assistant"
SECURITY = ROOT / "SECURITY.md"
ASVS, CJIS, INVENTORY = (ROOT / "docs" / "security" / f"{name}.md" for name in ("asvs", "cjis", "inventory"))
PAGES = (SECURITY, ASVS, CJIS, INVENTORY)
STATUSES = ("stands", "in part", "missing", "does not apply")
ROW = re.compile(r"(?m)^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$")
# The numbers of ASVS 5.0.0 by level; those of level 3 are left out.
LEVEL_1 = """
1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1-2 2.3.1 3.2.1-2 3.3.1 3.4.1-2 3.5.1-3 4.1.1 4.4.1 5.2.1-2 5.3.1-2 6.1.1 6.2.1-8
6.3.1-2 6.4.1-2 7.2.1-4 7.4.1-2 8.1.1 8.2.1-2 8.3.1 9.1.1-3 9.2.1 10.4.1-5 11.3.1-2 11.4.1 12.1.1 12.2.1-2 13.4.1
14.2.1 14.3.1 15.1.1 15.2.1 15.3.1
"""
LEVEL_2 = """
1.1.1-2 1.2.6-9 1.3.3-11 1.4.1-3 1.5.2 2.1.2-3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6 3.5.4-5 3.7.1-2 4.1.2-3 4.2.1
4.3.1-2 4.4.2-4 5.1.1 5.2.3 5.4.1-3 6.1.2-3 6.2.9-12 6.3.3-4 6.4.3-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.3.1-2 7.4.3-5
7.5.1-2 7.6.1-2 8.1.2 8.2.3 8.4.1 9.2.2-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.6-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2
11.2.1-3 11.3.3 11.4.2-4 11.5.1 11.6.1 12.1.2-3 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.2-5 14.1.1-2 14.2.2-4 14.3.2-3
15.1.2-3 15.2.2-3 15.3.2-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2
"""
STARTS_PROGRAMS = {"subprocess", "multiprocessing", "pty", "concurrent.futures.process"}
TALKS = STARTS_PROGRAMS | {
    "socket", "ssl", "socketserver", "asyncio", "http.client", "http.server", "urllib.request", "ftplib", "imaplib",
    "poplib", "smtplib", "xmlrpc", "webbrowser", "psycopg", "requests", "httpx", "aiohttp", "urllib3", "redis", "boto3",
}  # fmt: skip
CRYPTOGRAPHY = {"cryptography", "hmac", "secrets", "pyhanko", "itsdangerous", "jwt", "authlib", "argon2", "nacl"}
RUNS_TEXT = {"pickle", "marshal", "shelve", "dill", "yaml", "code", "runpy"}


def numbers(ranges: str) -> list[str]:
    """Return the numbers of "1.1.1-2 1.2.6"."""
    found = []
    for part in ranges.split():
        section, _, last = part.rpartition(".")
        first, _, end = last.partition("-")
        found += [f"{section}.{number}" for number in range(int(first), int(end or first) + 1)]
    return found


def rows() -> list[tuple[str, str, str, str, str]]:
    """Return number, level, subject, status and evidence of each row."""
    return ROW.findall(ASVS.read_text("utf-8"))


def section(page: Path, heading: str) -> str:
    """Return the text under a heading."""
    return page.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def cells(text: str, column: int = 0) -> list[str]:
    """Return what stands between backquotes in a column of the tables of a text."""
    lines = [line.split("|")[column + 1] for line in text.splitlines() if line.startswith("| ")]
    return [name for cell in lines for name in re.findall(r"`([^`]+)`", cell)]


def modules_with(names: set[str]) -> set[str]:
    """Return the modules of the program that import one of these, or a part of one."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            imported: list[str] = []
            if isinstance(node, ast.Import):
                imported = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
            if any(one == name or one.startswith(f"{name}.") for one in imported for name in names):
                found.add(path.relative_to(ROOT).as_posix())
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_and_module_that_is_named_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    paths = set(re.findall(r"`((?:assistant|tests|docs|deploy)/[^`\s]*\.[a-z]+)`", text))
    assert paths
    known_elsewhere = {"docs/CONTROL-INDEX.md"}  # of another project
    assert sorted(path for path in paths - known_elsewhere if not (ROOT / path).is_file()) == []
    links = re.findall(r"\]\(([^)#:\s]+)\)", text)
    assert sorted(link for link in links if not (page.parent / link).exists()) == []


def test_each_number_stands_once_at_its_level_and_no_other() -> None:
    first, second = numbers(LEVEL_1), numbers(LEVEL_2)
    assert (len(first), len(second)) == (70, 183)
    assert Counter(number for number, *_ in rows()) == Counter(first + second)
    assert {number for number, level, *_ in rows() if level == "1"} == set(first)
    tables = [line for line in ASVS.read_text("utf-8").splitlines() if re.match(r"\| \d", line)]
    assert len(tables) == len(rows()), "a row that cannot be read"


def test_a_status_is_one_of_four_and_has_what_it_needs() -> None:
    for number, _, subject, status, evidence in rows():
        assert status in STATUSES, number
        assert subject.strip(), number
        if status == "stands":
            assert re.search(r"`tests/[^`]+\.py`", evidence), f"{number} stands without a test"
            assert "Gap" not in evidence, number
        elif status in ("in part", "missing"):
            assert "Gap: " in evidence, f"{number} names no gap"
            assert status == "in part" or evidence.startswith("Gap: "), number
        else:
            assert "Gap" not in evidence, number


def test_counts_are_those_of_the_rows() -> None:
    text = ASVS.read_text("utf-8")
    table = re.findall(r"(?m)^\| ([^|`]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", text)
    counted: dict[str, list[int]] = {name.strip("*"): [int(one) for one in row] for name, *row in table}

    def count(some: list[tuple[str, str, str, str, str]]) -> list[int]:
        return [len(some), *(sum(status == one for *_, status, _ in some) for one in STATUSES)]

    chapters = re.split(r"(?m)^## V", text)[1:]
    assert len(chapters) == len(counted) - 3 == 17
    for chapter in chapters:
        heading = f"V{chapter.partition(chr(10))[0].partition(' (')[0]}"
        assert counted[heading] == count(ROW.findall(chapter)), heading
        for part in re.split(r"(?m)^### ", chapter)[1:]:
            title = part.partition("\n")[0]
            words = re.findall(r"(\d+) (stands|in part|missing|does not apply)", title.rpartition(": ")[2])
            own = Counter(status for *_, status, _ in ROW.findall(part))
            assert {status: int(number) for number, status in words} == own, title
    assert counted["level 1"] == count([row for row in rows() if row[1] == "1"])
    assert counted["level 2"] == count([row for row in rows() if row[1] == "2"])
    assert counted["all"] == count(rows())


def test_the_gaps_named_first_are_gaps() -> None:
    named = ASVS.read_text("utf-8").partition("The ten gaps")[2].partition("\n## ")[0]
    assert re.findall(r"(?m)^(\d+)\. ", named) == [str(number) for number in range(1, 11)]
    status = {number: one for number, _, _, one, _ in rows()}
    for number in re.findall(r"\d+\.\d+\.\d+", named):
        assert status[number] in ("in part", "missing"), number


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_called_certified(page: Path) -> None:
    text = " ".join(page.read_text("utf-8").split())
    for sentence in re.split(r"(?<=[.:;|]) ", text):
        if re.search(r"\b(?:certified|compliant)\b", sentence, re.IGNORECASE):
            assert re.search(r"\b(?:not|never)\b", sentence), sentence


def test_every_table_of_the_database_is_in_the_inventory() -> None:
    assert database.MORE_TABLES
    text = section(INVENTORY, "What the program holds")
    assert sorted(cells(text)) == sorted(Base.metadata.tables)
    sealed = {
        name
        for name, table in Base.metadata.tables.items()
        if any(one.name.endswith("_sealed") for one in table.columns)
    }
    levels = dict(re.findall(r"(?m)^\| `(\w+)` \| [^|]+ \| (\w+) \|", text))
    assert set(levels.values()) == {"personal", "inside", "public"}
    assert {name for name, level in levels.items() if level == "personal"} == sealed


def value_in_words(value: Any) -> str:
    if isinstance(value, timedelta):
        for unit, length in (
            ("day", timedelta(days=1)),
            ("hour", timedelta(hours=1)),
            ("minute", timedelta(minutes=1)),
        ):
            if not value % length:
                return f"{value // length} {unit}{'' if value == length else 's'}"
    return f"{value:,}"


def test_limits_are_those_of_the_code() -> None:
    table = re.findall(
        r"(?m)^\| [^|]+ \| ([^|]+) \| `(assistant\.[\w.]+)\.(\w+)` \|$", section(INVENTORY, "Limits that are set")
    )
    assert len(table) > 25
    settings = {setting.name: setting.default for setting in fields(Config)}
    for words, module, name in table:
        value = settings[name] if module == "assistant.config.Config" else getattr(import_module(module), name)
        assert words == value_in_words(value), f"{module}.{name}"


def test_what_could_talk_to_something_is_in_the_inventory() -> None:
    text = section(INVENTORY, "What talks to what")
    assert modules_with(TALKS) == set(cells(text, 3))


def test_every_event_of_the_log_is_in_the_inventory() -> None:
    events = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            called = ast.unparse(node.func)
            if re.search(r"(?:\.log|\._log|^log)\.(?:debug|info|warning|error|critical)$|^_log$|\.report$", called):
                events.add(str(node.args[0].value))
    assert len(events) > 5
    events |= set(EVENTS.values())
    text = section(INVENTORY, "Logs").partition("| event |")[2]
    assert events == set(cells(text))


def test_every_module_that_uses_cryptography_is_in_the_inventory() -> None:
    listed = set(cells(section(INVENTORY, "Cryptography"), 3))
    asking = modules_with(CRYPTOGRAPHY) | modules_with({"os.urandom"})
    asking |= {p.relative_to(ROOT).as_posix() for p in PACKAGE.rglob("*.py") if "os.urandom(" in p.read_text("utf-8")}
    assert sorted(asking - listed) == []


def test_no_module_runs_a_text_or_a_command() -> None:
    assert modules_with(RUNS_TEXT) == set()
    markup = set()
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("eval", "exec", "compile", "__import__"), name
                assert not called.endswith(("os.system", "os.popen", "render_template_string", ".from_string")), name
                assert not any(one.arg == "shell" for one in node.keywords), name
                if called == "Markup":
                    markup.add(name)
    # Its texts are escaped where they are put together: tests/unit/test_html_twins.py.
    assert markup == {"assistant/web/application/papers_for_others.py"}
    assert modules_with({"subprocess"}) == {"assistant/pdf/sandbox.py", "assistant/scans/recognizers.py"}
    templates = [path for path in (ROOT / "templates").rglob("*.html") if "|" in path.read_text("utf-8")]
    assert templates
    for path in templates:
        assert not re.search(r"\|\s*safe\b|autoescape", path.read_text("utf-8")), path.name


def test_scripts_of_pages_put_in_text_and_keep_nothing() -> None:
    scripts = {path.name: path.read_text("utf-8") for path in (PACKAGE / "static").glob("*.js")}
    assert scripts
    for name, text in scripts.items():
        dangerous = (
            r"(?:inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage"
            r"|\"message\"|localStorage|indexedDB|document\.cookie|\"paste\"|onpaste|__proto__"
        )
        assert re.findall(dangerous, text) == [], name
    stored = [call for text in scripts.values() for call in re.findall(r"sessionStorage\.setItem\([^)]*\)", text)]
    assert stored == ["sessionStorage.setItem(marker, own)"], "the id of a draft, and nothing that was typed"


def test_boxes_for_passwords_hide_what_is_typed_and_name_their_purpose() -> None:
    found = 0
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for line in path.read_text("utf-8").splitlines():
            if re.search(r"\"(?:password|passphrase|current|again)\"", line) and ("<input" in line or "box(" in line):
                found += 1
                assert 'type="password"' in line, f"{path.name}: {line.strip()}"
                assert re.search(r'autocomplete="(?:current|new)-password"', line), f"{path.name}: {line.strip()}"
    assert found
