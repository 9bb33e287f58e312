"""Prints that are known by their stamp alone: recognised, read by their labels, judged, and no more said than known."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest

from assistant.editions.catalog import get_edition
from assistant.reading import read_agreement
from assistant.rules.agreement import check_document
from tests.finished import made
from tests.finished.made import Spec
from tests.finished.measure import OWN, TODAY
from tests.finished.restamped import labelled, restamped

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.editions.catalog import Edition

TFM = ("moa-tfm/2025-02-12", "02/12/2025", "02/11/2025")
WSO = ("moa-wso/2025-02-14", "02/14/2025", "02/15/2025")
BLOCK = 6
"""The page of the WSO form, from 0, that is signed."""
SIDE = 74.0


def codes(data: bytes) -> dict[str, str]:
    return {finding["code"]: finding["severity"] for finding in check_document(data, TODAY)["findings"]}


def other_print(folder: Path, form: tuple[str, str, str], way: str, **spec: object) -> bytes:
    name, old, new = form
    return made.make(folder, name, Spec(first=restamped(old, new), **spec), way)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", ["flat", *(pytest.param(way, marks=pytest.mark.long) for way in ("fields", "scan"))])
@pytest.mark.parametrize(
    ("form", "edition", "revision"),
    [(TFM, "moa-tfm/2025-02-12", "2025-02-11"), (WSO, "moa-wso/2025-02-15", "2025-02-15")],
)
def test_a_print_is_known_by_its_stamp_and_read_by_its_labels(
    official_forms: Path, form: tuple[str, str, str], edition: str, revision: str, way: str
) -> None:
    data = other_print(official_forms, form, way)
    found = check_document(data, TODAY)
    assert (found["edition"], found["revision"], found["signed"]) == (edition, revision, True)
    assert [page["form_page"] for page in found["pages"]] == list(range(1, len(found["pages"]) + 1))
    assert found["unseen"] == []
    assert found["ready"]
    allowed = {"form-outdated", "text-tiny"} if form is TFM else set()
    assert {finding["code"] for finding in found["findings"]} <= allowed
    assert [row["code"] for row in found["unchecked"]] == ["form-altered"]
    assert found["party"] is not None
    assert found["party"]["name"] is not None
    assert found["party"]["name"].startswith("Pine Coun")


def test_a_print_that_is_no_known_edition_is_called_like_the_nearest(official_forms: Path) -> None:
    document = read_agreement(other_print(official_forms, TFM, "flat"))
    assert document.edition is not None
    assert (document.edition.name, document.exact, document.revision) == ("moa-tfm/2025-02-12", False, "2025-02-11")
    blank = {"moa-tfm/2025-02-12": made.blank(official_forms, "moa-tfm/2025-02-12")}
    beside = read_agreement(other_print(official_forms, TFM, "flat"), blank)
    assert (beside.compared, beside.altered) == (False, ())


@pytest.mark.parametrize(
    ("file", "edition", "name"),
    [
        ("moa-jem-2020-06-flat.pdf", "moa-jem/2020-06", "JEM print of 2020"),
        ("moa-wso-2019-10-flat.pdf", "moa-wso/2019-10", "WSO print of 2019/2020"),
        *(
            pytest.param(f"moa-wso-{day}-flat.pdf", f"moa-wso/{day}", f"WSO print of {year}", marks=pytest.mark.long)
            for day, year in (("2020-03", "2019/2020"), ("2020-11", "2020"))
        ),
        ("addendum-jem-2020-06-picture.pdf", "addendum-jem/2020-06", "JEM addendum of 2020"),
    ],
)
def test_an_agreement_on_a_former_print_is_called_what_it_is(
    official_forms: Path, file: str, edition: str, name: str
) -> None:
    check = check_document((official_forms / file).read_bytes(), TODAY)
    assert (check["edition"], check["revision"]) == (edition, None)
    assert [page["form_page"] for page in check["pages"]] == list(range(1, len(check["pages"]) + 1))
    findings = {finding["code"]: finding for finding in check["findings"]}
    assert findings["form-outdated"]["severity"] == "warning"
    assert name in findings["form-outdated"]["message"]
    assert not {"form-retyped", "pages-missing", "pages-extra", "not-an-moa"} & findings.keys()


@pytest.mark.parametrize(
    ("file", "edition"), [("moa-jem-2020-06-flat.pdf", "moa-jem/2020-06"), (None, "moa-jem/2025-02-15")]
)
def test_an_addendum_behind_an_agreement_does_not_give_the_file_its_name(
    official_forms: Path, file: str | None, edition: str
) -> None:
    data = (official_forms / file).read_bytes() if file else made.make(official_forms, edition, Spec(), "flat")
    both = io.BytesIO()
    addendum = official_forms / "addendum-jem-2020-06-picture.pdf"
    with pikepdf.open(io.BytesIO(data)) as agreement, pikepdf.open(addendum) as behind:
        agreement.pages.extend(behind.pages)
        agreement.save(both)
    check = check_document(both.getvalue(), TODAY)
    assert check["edition"] == edition
    assert [page["form_page"] for page in check["pages"]] == [*range(1, len(check["pages"])), None]


@pytest.mark.parametrize("way", ["fields", "flat", pytest.param("scan", marks=pytest.mark.long)])
@pytest.mark.parametrize("form", made.OTHER_PRINTS)
def test_a_clean_agreement_on_another_print_is_ready_and_called_by_its_name(
    official_forms: Path, form: str, way: str
) -> None:
    check = check_document(made.make(official_forms, form, Spec(), way), TODAY)
    # Flattened, a print with fields is its own twin without them.
    assert (check["edition"] or "").removesuffix(".flat") == form.removesuffix(".flat")
    assert check["revision"] == get_edition(form).revision
    assert check["ready"] is True
    assert "blocker" not in {finding["severity"] for finding in check["findings"]}
    if way != "scan":
        assert {finding["code"] for finding in check["findings"]} <= OWN.get(form, frozenset())


@pytest.mark.parametrize("form", ["moa-jem/2025-02-15", "moa-wso/2025-02-14"])
def test_a_revision_that_cannot_be_read_is_said_and_the_form_is_called_no_former_print(
    official_forms: Path, form: str
) -> None:
    stamp = get_edition(form).revision_text or ""
    check = check_document(made.make(official_forms, form, Spec(first=restamped(stamp, "--/--/----")), "flat"), TODAY)
    assert check["revision"] is None
    assert (check["edition"] or "").partition("/")[2].startswith("2025-")
    assert "form-outdated" in {row["code"] for row in check["unchecked"]}
    assert "form-outdated" not in {finding["code"] for finding in check["findings"]}


@pytest.mark.parametrize(
    ("form", "without", "code"),
    [
        pytest.param(TFM, "lea_title", "title-blank", marks=pytest.mark.long),
        (TFM, "appendix_b", "appb-blank"),
        pytest.param(WSO, "public", "pubinfo-blank", marks=pytest.mark.long),
        (WSO, "contact_vii", "poc-vii-blank"),
    ],
)
def test_what_is_empty_on_such_a_print_is_told(
    official_forms: Path, form: tuple[str, str, str], without: str, code: str
) -> None:
    assert codes(other_print(official_forms, form, "flat", without=(without,)))[code] == "blocker"


@pytest.mark.long
def test_the_newer_print_is_told_to_who_signed_the_older_after_it(official_forms: Path) -> None:
    assert codes(other_print(official_forms, TFM, "flat", dated="02/11/2025")).get("form-outdated") is None
    assert codes(other_print(official_forms, TFM, "flat", dated="03/28/2025"))["form-outdated"] == "warning"
    assert "date-invalid" in codes(other_print(official_forms, WSO, "flat", dated="02/14/2025"))


@pytest.mark.parametrize("filled", [True, False])
def test_the_lines_that_only_the_newer_print_has_are_read(official_forms: Path, *, filled: bool) -> None:
    rows = [("Name:", SIDE, 480.0), ("Agency:", SIDE, 452.0)]
    if filled:
        rows += [("Jordan Tester", SIDE + 60, 482.0), ("Maple County Sheriff’s Office", SIDE + 60, 454.0)]

    def newer(pdf: pikepdf.Pdf, edition: Edition) -> None:
        restamped(*WSO[1:])(pdf, edition)
        labelled(BLOCK, rows)(pdf)

    data = made.make(official_forms, WSO[0], Spec(first=newer), "flat")
    document = read_agreement(data)
    name, agency = document.get("lea_name"), document.get("lea_agency")
    assert name is not None
    assert agency is not None
    if filled:
        assert (name.text, agency.text) == ("Jordan Tester", "Maple County Sheriff’s Office")
        assert codes(data) == {"other-agency-data": "blocker"}
    else:
        assert (name.source, agency.source) == ("nothing", "nothing")
        assert codes(data) == {}
