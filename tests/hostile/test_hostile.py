"""No file crashes the reader, none hangs it, none is taken for an official form that it is not."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.errors import OurFaultError, PdfError
from assistant.pdf.drawn_words import turner
from assistant.pdf.guard import SECONDS, TOO_MUCH, guarded
from assistant.pdf.syntax import BROKEN
from assistant.reading.slots import label_of
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
INSPECT = "assistant.recognition:inspect_document"
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
def test_a_hostile_file_goes_through_the_guard(name: str) -> None:
    data = HOSTILE[name]()
    if name in KNOWN_FOR:
        assert guarded(INSPECT, data)["edition"] is None
    else:
        with pytest.raises(PdfError, match=r"^The PDF .*\.$"):
            guarded(INSPECT, data)


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


# The guard itself.


def takes_memory(_: bytes) -> int:
    return len(bytearray(3_000_000_000))


def never_ends(_: bytes) -> int:
    while True:
        pass


def crashes(_: bytes) -> int:
    import ctypes  # noqa: PLC0415 - only this takes a process down

    return int(ctypes.string_at(0)[0])


def speaks_up(_: bytes) -> str:
    sys.stdout.write("what a library prints")
    return "done"


def sleeps(_: bytes) -> int:
    time.sleep(60)
    return 0


def parser_fails(_: bytes) -> int:
    return len(str(turner((), 0)))


def library_fails(_: bytes) -> int:
    return int(json.loads("{"))


def we_fail(_: bytes) -> str:
    return label_of("a value of the file", None)


@pytest.mark.parametrize("function", [parser_fails, library_fails])
def test_what_no_parser_can_read_is_called_damaged(function: object) -> None:
    with pytest.raises(PdfError) as caught:
        guarded(f"tests.hostile.test_hostile:{function.__name__}", b"%PDF-")  # type: ignore[attr-defined]
    assert type(caught.value) is PdfError
    assert str(caught.value) == BROKEN


def test_a_fault_of_our_own_is_not_told_as_a_damaged_file() -> None:
    with pytest.raises(OurFaultError, match=r"^The PDF .*\.$") as caught:
        guarded("tests.hostile.test_hostile:we_fail", b"%PDF-")
    told = str(caught.value)
    assert "KeyError at assistant.reading.slots:" in told
    assert "damaged" not in told
    assert "a value of the file" not in told


@pytest.mark.parametrize("function", [takes_memory, crashes])
def test_a_child_that_goes_wrong_is_one_sentence(function: object) -> None:
    with pytest.raises(PdfError) as caught:
        guarded(f"tests.hostile.test_hostile:{function.__name__}", b"%PDF-")  # type: ignore[attr-defined]
    assert str(caught.value) == TOO_MUCH


@pytest.mark.parametrize("function", [never_ends, sleeps])
def test_a_child_that_takes_too_long_is_stopped(function: object) -> None:
    with pytest.raises(PdfError) as caught:
        guarded(f"tests.hostile.test_hostile:{function.__name__}", b"%PDF-", seconds=2)  # type: ignore[attr-defined]
    assert str(caught.value) == TOO_MUCH


def test_what_a_library_prints_does_not_spoil_the_answer() -> None:
    assert guarded("tests.hostile.test_hostile:speaks_up", b"%PDF-") == "done"


def test_a_child_has_its_own_limit_of_work() -> None:
    """The limit holds where nobody waits for the child, as after a crash of the parent."""
    from assistant.pdf import guard  # noqa: PLC0415 - its inside is what is looked at

    code = "from assistant.pdf import guard; guard.SECONDS = 1; guard._limit()\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=guard.SECONDS)
    assert done.returncode < 0
