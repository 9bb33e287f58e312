"""A scan with two pages on each sheet is called that, and neither another document nor an agreement that was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.errors import PdfError
from assistant.reading import read_answers
from assistant.rules.agreement import check_document
from assistant.services.agreements.verify_signed_copy import verify
from tests.unit.made_sheets import two_to_a_sheet

if TYPE_CHECKING:
    from pathlib import Path

TODAY = "2026-02-01"
FORMS = {
    "TFM": "moa-tfm-rev2025-03-07-flat.pdf",
    "JEM": "moa-jem-rev2025-02-15-flat.pdf",
    "WSO": "moa-wso-rev2025-02-14.pdf",
}
A4, TABLOID = (842, 595), (1224, 792)


@pytest.fixture(scope="module")
def blank(official_forms: Path) -> dict[str, bytes]:
    return {model: (official_forms / name).read_bytes() for model, name in FORMS.items()}


@pytest.mark.parametrize(
    ("model", "sheet", "turned"),
    [("TFM", (792, 612), False), ("JEM", A4, False), ("WSO", (792, 612), True), ("TFM", TABLOID, False)],
)
def test_the_check_says_that_two_pages_are_on_each_sheet(
    blank: dict[str, bytes], model: str, sheet: tuple[float, float], *, turned: bool
) -> None:
    found = check_document(two_to_a_sheet(blank[model], sheet=sheet, turned=turned), TODAY)
    assert [finding["code"] for finding in found["findings"]] == ["two-pages-on-a-sheet"]
    assert found["ready"] is not True
    assert "one page per sheet" in found["findings"][0]["message"]


def test_the_form_itself_and_another_paper_are_not_called_so(blank: dict[str, bytes], shared: Path) -> None:
    other = (shared / "cases" / "pdf" / "libreoffice-form-cleared.pdf").read_bytes()
    for data in (blank["TFM"], other, two_to_a_sheet(other)):
        codes = {finding["code"] for finding in check_document(data, TODAY)["findings"]}
        assert "two-pages-on-a-sheet" not in codes


def test_no_answers_are_read_out_of_it(blank: dict[str, bytes]) -> None:
    with pytest.raises(PdfError, match="shows two pages of the agreement, so it cannot be read"):
        read_answers(two_to_a_sheet(blank["TFM"]))


@pytest.mark.long
def test_a_signed_copy_like_that_is_not_called_another_document(blank: dict[str, bytes]) -> None:
    found = verify(two_to_a_sheet(blank["TFM"], pages=14), blank["TFM"])
    codes = [finding["code"] for finding in found["findings"]]
    assert codes.count("two-pages-on-a-sheet") == 1
    assert not {"not-the-same-document", "page-missing", "page-altered"} & set(codes)
    other = verify(two_to_a_sheet(blank["JEM"], pages=10), blank["TFM"])
    assert [finding["code"] for finding in other["findings"]] == ["not-the-same-document"]
