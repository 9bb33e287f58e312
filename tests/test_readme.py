"""What README says is so: its commands exist, its links lead somewhere, its first screen is short."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from assistant.cli.main import moa
from assistant.cli.rules import table as table_of_rules
from assistant.config import Config

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")


def commands() -> dict[str, click.Command]:
    """Return every command there is by what a person types; a group only where it does something by itself."""
    context = click.Context(moa, info_name="moa")
    found: dict[str, click.Command] = {}
    for name in moa.list_commands(context):
        command = moa.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= commands_below(command, context, f"moa {name}")
        else:
            found[f"moa {name}"] = command
    return found


def commands_below(group: click.Group, context: click.Context, call: str) -> dict[str, click.Command]:
    """Return the commands of a group, and of the groups in it."""
    found: dict[str, click.Command] = {}
    inner = click.Context(group, parent=context, info_name=call)
    for part in group.list_commands(inner):
        below = group.get_command(inner, part)
        assert below is not None
        if isinstance(below, click.Group):
            found |= commands_below(below, inner, f"{call} {part}")
        if not isinstance(below, click.Group) or below.invoke_without_command:
            found[f"{call} {part}"] = below
    return found


def table() -> list[str]:
    """Return the commands of README's table."""
    return re.findall(r"(?m)^\| `(moa [a-z -]+)` \|", README)


def test_the_table_lists_every_command_and_no_other() -> None:
    assert sorted(table()) == sorted(commands())


def test_every_command_says_what_it_does() -> None:
    for name, command in commands().items():
        assert command.help, f"give {name} a docstring"


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_the_text_exist(page: str) -> None:
    known = commands()
    for call in re.findall(r"`(moa [^`]+)`", (ROOT / page).read_text("utf-8")):
        words = call.split()
        name = next((" ".join(words[:n]) for n in (4, 3, 2) if " ".join(words[:n]) in known), None)
        assert name, f"{page}: there is no {call}"
        options = {text for option in known[name].params for text in option.opts}
        assert {word for word in words if word.startswith("--")} <= options | {"--help"}, f"{page}: {call}"


@pytest.mark.parametrize("page", PAGES)
def test_bootstrap_commands_exist(page: str) -> None:
    usage = subprocess.run(
        [sys.executable, ROOT / "bootstrap.py", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for command in re.findall(r"bootstrap\.py ([a-z]+)", (ROOT / page).read_text("utf-8")):
        assert f"bootstrap.py {command}" in usage


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = set(re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text))
    named |= set(re.findall(r"[` ]((?:assistant|tests|forms|templates|deploy|\.ci)/[\w./-]*)[` ]", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_settings_that_are_named_exist() -> None:
    known = {f"ASSISTANT_{name.upper()}" for name in Config.__dataclass_fields__}
    texts = [README, *((path.read_text("utf-8")) for path in (ROOT / "deploy").iterdir())]
    named = set(re.findall(r"ASSISTANT_[A-Z_]*[A-Z]", "\n".join(texts)))
    assert named <= known


def test_the_address_is_the_default() -> None:
    fields = Config.__dataclass_fields__
    assert f"http://{fields['host'].default}:{fields['port'].default}" in README


def test_first_screen_is_one_screen() -> None:
    first = README.split("<!-- End of the first screen. -->")[0]
    assert len(first.splitlines()) <= 40


def test_the_rules_are_those_of_the_code() -> None:
    held = README.partition("<!-- rules -->\n")[2].partition("<!-- end of rules -->")[0]
    assert held.strip() == table_of_rules(), "write it anew with `moa rules list --markdown`"
