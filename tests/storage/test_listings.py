"""Loading ICE's lists one after another, and looking agencies up in them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import event, select

from assistant.errors import SpreadsheetError
from assistant.services.published_lists.listings import find, import_list, last_import, report
from assistant.storage.listing_tables import ListedAgreement, ListImport, ListingChange

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.storage.conftest import Store

NOW = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
HEAD = ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA"]
LEE: list[object] = [
    "FLORIDA",
    "Lee County Sheriff's Office",
    "County",
    "Lee County",
    "Task Force Model",
    date(2025, 2, 20),
    "link",
]
LEVY: list[object] = [
    "FLORIDA",
    "Levy County Sheriff's Office",
    "County",
    "Levy County",
    "Task Force Model",
    date(2025, 3, 1),
    None,
]
COBB: list[object] = [
    "GEORGIA",
    "Cobb County Sheriff's Office",
    "County",
    "Cobb County",
    "Jail Enforcement Model",
    "soon",
    None,
]


def participating(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(HEAD)
    for row in rows:
        page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def pending(*rows: list[object]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(participating(*rows)))
    assert book.active is not None
    book.active.delete_cols(6, 2)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def load(session: Session, data: bytes, name: str = "list.xlsx") -> tuple[int, int, int, int]:
    done = import_list(session, data, filename=name, now=NOW)
    session.commit()
    return done.rows, done.added, done.changed, done.removed


def but(row: list[object], **values: object) -> list[object]:
    return [values.get(name.split()[-1].lower(), value) for name, value in zip(HEAD, row, strict=True)]


def test_the_lists_at_hand_load_and_follow_each_other(session: Session, program_sheets: Path) -> None:
    counts = {}
    for name in sorted(path.name for path in program_sheets.iterdir()):
        counts[name] = load(session, (program_sheets / name).read_bytes(), name)
    assert {name: count[0] for name, count in counts.items()} == {
        "participatingAgencies05162025am.xlsx": 571,
        "participatingAgencies07012025pm.xlsx": 744,
        "pendingAgencies05152025am.xlsx": 92,
        "pendingAgencies07032025pm.xlsx": 47,
    }
    assert counts["participatingAgencies05162025am.xlsx"][1:] == (571, 0, 0)
    rows, added, changed, removed = counts["participatingAgencies07012025pm.xlsx"]
    assert rows == 571 + added - removed
    assert changed > 100  # "link pending" became a link
    assert removed < 20
    found = report(session)
    assert (found["as_of"], found["total"], found["states"]) == ("2025-07-01", 744, 40)
    assert {model: count["agreements"] for model, count in found["by_model"].items()} == {
        "JEM": 112,
        "TFM": 363,
        "WSO": 269,
    }
    assert sum(found["by_state"].values()) == sum(found["by_month"].values()) + found["without_date"] == 744
    assert (found["pending"]["as_of"], found["pending"]["total"]) == ("2025-07-03", 47)
    again = (program_sheets / "participatingAgencies07012025pm.xlsx").read_bytes()
    assert load(session, again, "participatingAgencies07012025pm.xlsx") == (744, 0, 0, 0)


def test_a_load_takes_few_statements_however_long_the_list(
    session: Session, store: Store, program_sheets: Path
) -> None:
    statements: list[str] = []
    listen = lambda _connection, _cursor, statement, *_rest: statements.append(statement)  # noqa: E731 - removed below
    event.listen(store.engine, "before_cursor_execute", listen)
    try:
        for name in ("participatingAgencies05162025am.xlsx", "participatingAgencies07012025pm.xlsx"):
            load(session, (program_sheets / name).read_bytes(), name)
    finally:
        event.remove(store.engine, "before_cursor_execute", listen)
    assert len(statements) < 60


def test_renamed_redated_and_gone_rows_are_followed(session: Session) -> None:
    assert load(session, participating(LEE, LEVY, COBB)) == (3, 3, 0, 0)
    renamed = but(LEE, agency="Lee County Sheriff’s Dept.")
    redated = but(LEVY, signed=date(2025, 3, 2))
    assert load(session, participating(renamed, redated)) == (2, 0, 2, 1)
    rows = session.scalars(select(ListedAgreement).order_by(ListedAgreement.id)).all()
    assert [(row.agency, row.first_seen_id, row.last_seen_id, row.removed_id) for row in rows] == [
        ("Lee County Sheriff’s Dept.", 1, 2, None),
        ("Levy County Sheriff's Office", 1, 2, None),
        ("Cobb County Sheriff's Office", 1, 1, 2),
    ]
    changes = session.scalars(select(ListingChange).order_by(ListingChange.listing_id)).all()
    assert [change.change for change in changes] == [
        {"agency": ["Lee County Sheriff's Office", "Lee County Sheriff’s Dept."]},
        {"signed": ["2025-03-01", "2025-03-02"]},
    ]
    assert load(session, participating(renamed, redated, COBB)) == (3, 1, 0, 0)


def test_other_quotation_marks_are_kept_but_are_no_change(session: Session) -> None:
    load(session, participating(LEE))
    assert load(session, participating(but(LEE, agency="Lee County Sheriff’s  Office "))) == (1, 0, 0, 0)
    assert session.scalars(select(ListedAgreement.agency)).one() == "Lee County Sheriff’s Office"


def test_duplicates_are_counted_each(session: Session) -> None:
    assert load(session, participating(LEE, LEE, LEE)) == (3, 3, 0, 0)
    assert load(session, participating(LEE, LEE)) == (2, 0, 0, 1)
    assert report(session)["total"] == 2


def test_a_pending_list_touches_no_agreement(session: Session) -> None:
    load(session, participating(LEE))
    assert load(session, pending(COBB)) == (1, 1, 0, 0)
    assert load(session, pending(LEVY)) == (1, 1, 0, 1)
    found = report(session)
    assert (found["total"], found["pending"]["total"]) == (1, 1)
    assert found["pending"]["by_state"] == {"FL": 1}


def test_a_pending_list_without_a_row_ends_every_pending_row(session: Session) -> None:
    load(session, participating(LEE))
    load(session, pending(COBB, LEVY), "pendingAgencies07032025pm.xlsx")
    name = "pendingAgencies11142025pm.xlsx"
    done = import_list(session, pending(), filename=name, now=NOW, expected="pending")
    assert (done.rows, done.removed) == (0, 2)
    assert "no agency is pending" in done.notices[0]
    found = report(session)
    assert (found["total"], found["pending"]["total"]) == (1, 0)
    assert found["pending"]["as_of"] == "2025-11-14"


def test_the_result_is_told_as_json(session: Session) -> None:
    done = import_list(session, pending(COBB), filename="a.xlsx", now=NOW, expected="participating").to_document()
    assert {key: done[key] for key in ("file", "kind", "rows", "added", "changed", "removed", "unreadable")} == {
        "file": "a.xlsx", "kind": "pending", "rows": 1, "added": 1, "changed": 0, "removed": 0, "unreadable": [],
    }  # fmt: skip
    assert "read as the pending list" in done["notices"][0]
    done = import_list(session, participating(COBB), filename="b.xlsx", now=NOW).to_document()
    assert done["unreadable"] == [{"row": 2, "why": "SIGNED reads “soon”, which is not a date."}]


def test_an_older_list_is_loaded_and_said_to_be_older(session: Session) -> None:
    load(session, participating(LEE), "participatingAgencies06012025am.xlsx")
    done = import_list(session, participating(LEE), filename="participatingAgencies05012025am.xlsx", now=NOW)
    assert "06/01/2025" in done.notices[0]
    loaded = last_import(session, "participating")
    assert loaded is not None
    assert (loaded.as_of, loaded.imported_at) == (date(2025, 5, 1), NOW)


def test_what_is_no_list_changes_nothing(session: Session) -> None:
    load(session, participating(LEE))
    with pytest.raises(SpreadsheetError):
        import_list(session, b"Name,Badge\nAlex,1\n", filename="a.csv", now=NOW)
    session.commit()
    assert report(session)["total"] == 1
    assert session.query(ListImport).count() == 1


def test_an_agency_is_found_in_whatever_spelling(session: Session) -> None:
    load(session, participating(LEE, LEVY, COBB))
    load(session, pending(but(LEE, type="Warrant Service Officer")))
    for name in ("Lee Co. SO", "LEE COUNTY SHERIFF’S DEPARTMENT", "Lee County Sheriff's Office"):
        first, second, *_ = find(session, name)
        assert {first.status, second.status} == {"participating", "pending"}
        assert (first.agency, first.match, second.match) == ("Lee County Sheriff's Office", 1.0, 1.0)
    assert find(session, "Lee County Sheriff's Office", state="GA") == []
    assert find(session, "Zebra University") == []
    assert len(find(session, "County Sheriff", limit=1)) <= 1
    (match,) = find(session, "Cobb County SO", state="GA")
    assert match.to_document() == {
        "agency": "Cobb County Sheriff's Office", "state": "GA", "county": "Cobb County", "type": "county",
        "model": "JEM", "signed": None, "moa_url": None, "status": "participating", "match": 1.0,
    }  # fmt: skip


def test_with_no_list_the_report_says_so(session: Session) -> None:
    found = report(session)
    assert (found["as_of"], found["total"], found["by_month"]) == (None, 0, {})
