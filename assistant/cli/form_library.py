"""The official forms that a command works with: those of a folder, or those that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.cli.database import session
from assistant.cli.output import notice, printable
from assistant.editions.library import FormLibrary
from assistant.services.form_maps.forms import library as kept_library

if TYPE_CHECKING:
    from pathlib import Path


def open_library(forms_dir: Path | None) -> FormLibrary:
    """Return the forms of a folder, or those that are kept."""
    if forms_dir is not None:
        library = FormLibrary.from_directory(forms_dir)
        for name, why in library.passed_over.items():
            notice(printable(f"{name} is skipped. {why}"))
        return library

    with session() as opened:
        return kept_library(opened)
