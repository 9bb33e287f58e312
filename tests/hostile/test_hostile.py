"""No file crashes the reader, none hangs it, none is taken for an official form that it is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.editions.recognition import INSPECT
from assistant.errors import PdfError
from assistant.pdf.sandbox import SECONDS, run_in_sandbox
from tests.hostile.files import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
FORMS = (
    "moa-jem-rev2025-02-15-flat.pdf",
    "moa-tfm-rev2025-02-12.pdf",
    "moa-tfm-rev2025-03-07-flat.pdf",
    "moa-wso-rev2025-02-14.pdf",
    "moa-wso-rev2025-02-14-page7-rotated.pdf",
)
# What a reader may know such a file to be; all others are refused.
NOTHING = (
    *("overlapping_object_streams", "field_tree_loop", "huge_size", "giant_string", "giant_name", "negative_length"),
    "page_without_size",
)
# Only their cross-reference is wrong: as every reader does, all of the file is looked through instead.
REPAIRED = (
    *("prev_loop", "prev_chain_without_end", "huge_section", "wrong_startxref", "startxref_behind_the_end"),
    *("xref_that_points_elsewhere", "hidden_section_in_a_circle"),
)
KNOWN_FOR = {
    "javascript": {"active-content"},
    "launch": {"active-content"},
    "embedded_file": {"active-content"},
    "xfa": {"xfa"},
    **{name: set[str]() for name in NOTHING},
    **{name: {"repaired"} for name in REPAIRED},
    "field_with_wrong_types": {"not-on-paper"},
}


def child(*arguments: str) -> list[dict[str, Any]]:
    """Return what the child says of each file; a crash of the whole process fails the test by its status."""
    command = [sys.executable, "-m", "tests.hostile.child", *arguments]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=False, timeout=900)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (rows[-1:], done.stderr.decode()[-500:])
    return rows


def no_harm(rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        assert "crashed" not in row, row
        assert row["seconds"] < SECONDS, row
        if "refused" in row:
            assert row["refused"].startswith("The PDF")
            assert row["refused"].endswith(".")


@pytest.fixture(scope="module")
def hostile() -> dict[str, dict[str, Any]]:
    rows = child("hostile", *HOSTILE)
    no_harm(rows)
    return {row["name"]: row for row in rows}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_or_known_for_what_it_is(
    name: str, hostile: dict[str, dict[str, Any]]
) -> None:
    row = hostile[name]
    if name in KNOWN_FOR:
        assert row["edition"] is None
        assert set(row["traps"]) - {"damaged"} == KNOWN_FOR[name]
    else:
        assert "refused" in row


@pytest.mark.parametrize("name", ["flate_bomb", "prev_loop", "javascript", "deep_field_tree"])
def test_a_hostile_file_goes_through_the_sandbox(name: str) -> None:
    data = HOSTILE[name]()
    if name in KNOWN_FOR:
        assert run_in_sandbox(INSPECT, data)["edition"] is None
    else:
        with pytest.raises(PdfError, match=r"^The PDF .*\.$"):
            run_in_sandbox(INSPECT, data)


def look_at_mutants(form: Path, first: int, count: int) -> None:
    rows = child("mutants", str(form), str(first), str(count))
    assert len(rows) == count
    no_harm(rows)
    for row in rows:
        if row.get("edition"):
            assert row["fields"], row
            assert row["text"] == [], row
            assert row.get("rows") or row.get("refuses_fill"), row


@pytest.mark.parametrize("form", FORMS)
def test_mutants_of_the_real_forms_do_no_harm(form: str, official_forms: Path) -> None:
    look_at_mutants(official_forms / form, 0, 12)


@pytest.mark.long
@pytest.mark.parametrize("first", [1_000, 2_000])
@pytest.mark.parametrize("form", FORMS)
def test_a_thousand_mutants_do_no_harm(form: str, first: int, official_forms: Path) -> None:
    look_at_mutants(official_forms / form, first, 100)
