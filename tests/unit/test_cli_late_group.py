"""The help of a group comes from its table: it says what the commands say, and loads none of them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import click
import pytest

from assistant.cli.late_group import LateGroup
from assistant.cli.main import COMMANDS, moa

ROOT = Path(__file__).resolve().parents[2]
GROUPS = [
    "application",
    "batch",
    "document",
    "forms",
    "history",
    "jobs",
    "keys",
    "message",
    "program",
    "roster",
    "user",
]
LARGE = {"flask", "reportlab", "pypdfium2", "sqlalchemy", "alembic", "PIL", "cryptography", "wtforms", "openpyxl"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_of_a_table_has_its_command(name: str) -> None:
    context = click.Context(moa)
    command = moa.get_command(context, name)
    assert command is not None
    assert isinstance(command, LateGroup) is (name in GROUPS)
    if isinstance(command, LateGroup):
        check_rows(command, ROOT / "assistant" / "cli" / name, context)


def check_rows(group: LateGroup, folder: Path, context: click.Context) -> None:
    """Hold that each row of a group's table has a module of its name, and says what the command says."""
    modules = {path.stem.rstrip("_").replace("_", "-") for path in folder.iterdir()}
    for row, sentence in group.table.items():
        one = group.get_command(context, row)
        assert one is not None
        assert (one.help or "").startswith(sentence.removesuffix(".")), f"moa {group.name} {row}"
        assert row in modules
        if isinstance(one, LateGroup):
            check_rows(one, folder / row.replace("-", "_"), context)


def test_a_name_that_no_table_has_is_no_command() -> None:
    context = click.Context(moa)
    group = moa.get_command(context, "forms")
    assert isinstance(group, LateGroup)
    # A module of the package that is no command.
    assert group.get_command(context, "what_changed") is None
    assert moa.get_command(context, "late_group") is None


@pytest.mark.parametrize("name", GROUPS)
def test_help_of_a_group_loads_no_large_library(name: str) -> None:
    code = (
        f"import sys; from assistant.cli.main import run; run(['{name}', '--help']); "
        "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "Commands:" in done.stdout
    assert not set(ast.literal_eval(done.stderr)) & LARGE
