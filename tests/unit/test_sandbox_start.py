"""What a child of the sandbox loads before it reads anything: it starts anew for each file, so each second counts."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from assistant.pdf.sandbox import TASKS
from assistant.services.agreements import agreement_check, read_agreement, verify_signed_copy
from assistant.services.form_maps import edition_drafts, form_drafts, forms

if TYPE_CHECKING:
    from pathlib import Path

assert all(
    (read_agreement, agreement_check, edition_drafts, form_drafts, forms, verify_signed_copy)
)  # they define the tasks

PROBE = "import sys; sys.path.insert(0, sys.argv[1]); __import__(sys.argv[2]); print(*sys.modules)"


@pytest.mark.parametrize("module", sorted({task.module for task in TASKS.values()}))
def test_a_child_loads_neither_the_database_nor_the_web(module: str, root: Path) -> None:
    command = [sys.executable, "-I", "-c", PROBE, str(root), module]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert module in loaded
    assert not {"sqlalchemy", "flask", "wtforms", "alembic"} & set(loaded)
