"""Every setting is read by the program and told in README, with its default; README tells no others."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from assistant.config import FORMER, Config

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistant"
SETTINGS = Config.__dataclass_fields__
NAMES = {  # what a package is imported as, where that is not its name
    "flask-wtf": "flask_wtf", "email-validator": "email_validator", "phonenumberslite": "phonenumbers",
    "pillow": "PIL", "python-calamine": "python_calamine",
}  # fmt: skip


def settings_read() -> set[str]:
    """Return the names taken from something called config, or from ``self`` in the class itself."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                owner = ast.unparse(node.value).rpartition(".")[2]
                if owner == "config" or (owner == "self" and path.name == "config.py"):
                    found.add(node.attr)
    return found


def test_every_setting_is_read_by_the_program() -> None:
    assert sorted(SETTINGS.keys() - settings_read()) == []


def test_readme_tells_every_setting_with_its_default_and_no_other() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    table = text.partition("| setting | default | meaning |\n")[2].partition("\n\n")[0]
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \| (.*?) \|", table))
    assert list(rows) == list(SETTINGS)
    for name, told in rows.items():
        if name != "instance_dir":
            default = tomllib.loads(f"x = {told.strip('`')}")["x"]
            assert default == (list(d) if isinstance(d := SETTINGS[name].default, tuple) else d), name


def test_a_former_setting_is_none_today() -> None:
    assert not FORMER & SETTINGS.keys()


def test_every_package_that_is_declared_is_imported() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    imported = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
                assert "._" not in node.module, f"{path} imports somebody's private module {node.module}"
    names = [re.match(r"[\w-]+", line)[0] for line in declared]  # type: ignore[index]
    assert [name for name in names if NAMES.get(name, name) not in imported] == []


def test_nothing_in_the_program_cites_what_is_not_in_this_repository() -> None:
    names = "REVIEW|DOMAIN|ARCHITECTURE|INTERFACE|PERFORMANCE|HOUSE"
    # A constant of the program (Permission.REVIEW, REVIEW = "review") is no paper.
    papers = re.compile(rf"(?<![.\w])({names})\b(?! = )|\b({names})\.md|\(PRODUCT\b|\.\./shared")
    here = {path.name for path in ROOT.glob("*.md")}
    cited = []
    for folder in ("assistant", "templates", "deploy", "forms"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".html", ".toml", ".service", ".md", ""} and path.is_file():
                text = path.read_text("utf-8")
                cited += [f"{path}: {match[0]}" for match in papers.finditer(text)]
                cited += [f"{path}: {name}" for name in re.findall(r"\b[A-Z]+\.md\b", text) if name not in here]
    assert cited == []
