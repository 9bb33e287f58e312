"""The blank official forms by edition, for every test of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.editions.library import FormLibrary, FormOnHand

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "moa-tfm/2025-02-12": "moa-tfm-rev2025-02-12.pdf",
    "moa-tfm/2025-03-07": "moa-tfm-rev2025-03-07-flat.pdf",
    "moa-jem/2025-02-15": "moa-jem-rev2025-02-15-flat.pdf",
    "moa-wso/2025-02-14": "moa-wso-rev2025-02-14.pdf",
    "moa-tfm/2025-02-14": "moa-tfm-rev2025-02-14.pdf",
    "moa-tfm/2025-02-14.flat": "moa-tfm-rev2025-02-14-flat.pdf",
    "moa-wso/2025-02-14.flat": "moa-wso-rev2-14-25-flat.pdf",
    "moa-wso/2025-02-15": "moa-wso-rev2025-02-15-flat.pdf",
}


@pytest.fixture(scope="session")
def blank_forms(official_forms: Path) -> dict[str, bytes]:
    """Return the bytes of each blank form, by edition."""
    return {name: (official_forms / file).read_bytes() for name, file in FILES.items()}


@pytest.fixture(scope="session")
def on_hand(blank_forms: dict[str, bytes]) -> dict[str, FormOnHand]:
    """Return each form on hand, by edition."""
    return {form.edition.name: form for form in FormLibrary(blank_forms.values()).on_hand()}
