"""The code is written as pyproject.toml asks: ruff with every rule, its formatter, import-linter, mypy strict."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "tool",
    [
        pytest.param(["-m", "ruff", "check", "--quiet", "--output-format=concise"], id="ruff"),
        pytest.param(["-m", "ruff", "format", "--check"], id="format"),
        pytest.param(["-c", "from importlinter.cli import lint_imports_command as lint; lint()"], id="imports"),
        pytest.param(["-m", "mypy", "--no-error-summary"], id="mypy", marks=pytest.mark.long),
    ],
)
def test_tool_finds_nothing(tool: list[str]) -> None:
    done = subprocess.run([sys.executable, *tool], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
