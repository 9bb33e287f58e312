"""ICE's published lists, with every oddity seen in them."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.agencies import read_list
from assistant.agencies.chart import bars_by_month, every_month
from assistant.agencies.dating import as_of_day, named_day
from assistant.agencies.following import pair_up
from assistant.agencies.published import Listing
from assistant.errors import SpreadsheetError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.agencies import ListKind

HEAD = ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA", "ADDENDUM"]
ROW: dict[str, object] = {
    "STATE": "FLORIDA",
    "LAW ENFORCEMENT AGENCY": "Example County Sheriff's Office",
    "TYPE": "County",
    "COUNTY": "Example County",
    "SUPPORT TYPE": "Task Force Model",
    "SIGNED": datetime(2025, 5, 8),  # noqa: DTZ001 - a cell has no zone
    "MOA": "link pending",
}


def sheet_of(
    *rows: dict[str, object],
    head: Sequence[str] = HEAD,
    links: dict[str, str] | None = None,
    hidden: Sequence[int] = (),
) -> bytes:
    """Return a list with these rows; what a row does not say is as in ``ROW``."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(list(head))
    for row in rows:
        page.append([(ROW | row).get(name) for name in head])
    for place, target in (links or {}).items():
        page[place].hyperlink = target
    for row_number in hidden:
        page.row_dimensions[row_number].hidden = True
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_the_lists_at_hand_are_read_whole(program_sheets: Path) -> None:
    found = {path.name: read_list(path.read_bytes()) for path in sorted(program_sheets.iterdir())}
    assert {name: (read.kind, len(read.listings), read.hidden) for name, read in found.items()} == {
        "participatingAgencies05162025am.xlsx": ("participating", 571, 0),
        "participatingAgencies07012025pm.xlsx": ("participating", 744, 0),
        "pendingAgencies05152025am.xlsx": ("pending", 92, 0),
        "pendingAgencies07032025pm.xlsx": ("pending", 47, 32),
    }
    for read in found.values():
        assert all(len(listing.state) == 2 and listing.model for listing in read.listings)
    july = found["participatingAgencies07012025pm.xlsx"]
    assert [(row.row, row.why) for row in july.unreadable] == [
        (698, "SIGNED reads “05/082025”. A slash is missing, so it was read as 05/08/2025.")
    ]
    assert sum(listing.moa_url is not None for listing in july.listings) == 580
    assert sum(listing.addendum_url is not None for listing in july.listings) == 16
    assert {(listing.moa_url or "https://www.ice.gov/")[:20] for listing in july.listings} == {"https://www.ice.gov/"}
    assert july.notices == ("162 links were wrapped by another program. The addresses inside were used.",)


@pytest.mark.parametrize(
    "head",
    [
        ["STATE", "LAW ENFORCEMENT AGENCY", "SUPPORT TYPE", "SIGNED", "MOA"],
        ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "SUPPORT TYPE", "SIGNED", "MOA"],
        HEAD[:-1],
        HEAD,
        [*reversed(HEAD), "", None],
        [" state ", "Law  Enforcement\xa0Agency", "Support Type", "Signed"],
    ],
)
def test_columns_are_found_by_name_in_every_era(head: list[str]) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(head)
    page.append([ROW.get(" ".join((name or "").upper().split())) for name in head])
    kept = io.BytesIO()
    book.save(kept)
    (listing,) = read_list(kept.getvalue()).listings
    assert (listing.state, listing.model, listing.signed) == ("FL", "TFM", date(2025, 5, 8))
    assert listing.agency == "Example County Sheriff's Office"


def test_what_a_list_is_its_columns_say() -> None:
    pending = sheet_of({}, head=HEAD[:5])
    assert read_list(pending, expected="participating").kind == "pending"
    assert "no column SIGNED" in read_list(pending, expected="participating").notices[0]
    assert "read as the participating list" in read_list(sheet_of({}), expected="pending").notices[0]
    assert read_list(pending, expected="pending").notices == ()


def test_hidden_rows_and_blank_ones_with_formats() -> None:
    data = sheet_of(
        {}, {"STATE": None, "LAW ENFORCEMENT AGENCY": None, "TYPE": "\xa0", **dict.fromkeys(HEAD[3:])}, {}, hidden=[4]
    )
    found = read_list(data)
    assert [listing.row for listing in found.listings] == [2, 4]
    assert found.hidden == 1
    assert found.unreadable == ()


def test_a_row_without_state_or_agency_is_told() -> None:
    found = read_list(sheet_of({}, {"STATE": " "}, {"LAW ENFORCEMENT AGENCY": None}))
    assert [(row.row, row.why) for row in found.unreadable] == [
        (3, "STATE empty, so the row was left out."),
        (4, "AGENCY empty, so the row was left out."),
    ]


def test_true_duplicates_both_count_and_share_a_key() -> None:
    found = read_list(sheet_of({}, {"LAW ENFORCEMENT AGENCY": "EXAMPLE County\xa0Sheriff’s Office (Addendum) "}))
    assert len(found.listings) == 2
    assert found.listings[0].key == found.listings[1].key


PDF = "https://www.ice.gov/doclib/287gMOA/Example.pdf"


def test_links_of_a_list_come_from_the_cell_or_its_text() -> None:
    data = sheet_of(
        {"MOA": "link", "ADDENDUM": "link"},
        {"MOA": PDF},
        {"MOA": "link"},
        {"MOA": "Cons"},
        links={"G2": PDF, "H2": f"{PDF}?addendum", "G4": "chrome-extension://abc/"},
    )
    found = read_list(data)
    assert [(row.moa_url, row.addendum_url) for row in found.listings] == [
        (PDF, f"{PDF}?addendum"),
        (PDF, None),
        (None, None),
        (None, None),
    ]
    assert [row.row for row in found.unreadable] == [4]


def test_oddities_of_one_row_are_all_told_and_the_row_is_kept() -> None:
    found = read_list(
        sheet_of(
            {"STATE": "ATLANTIS", "TYPE": "Navy", "COUNTY": "County", "SUPPORT TYPE": None, "SIGNED": None},
            {"COUNTY": "#NA"},
        )
    )
    assert [listing.county for listing in found.listings] == [None, None]
    assert found.listings[0].state == "ATLANTIS"
    assert [row.why.split()[0] for row in found.unreadable] == ["STATE", "SUPPORT", "TYPE", "SIGNED"]


@pytest.mark.parametrize("cell", ["6/30/20026", "soon", datetime(5025, 6, 3), None])  # noqa: DTZ001 - a cell has no zone
def test_a_row_with_a_day_that_cannot_be_is_kept_without_it(cell: object) -> None:
    found = read_list(sheet_of({}, {"SIGNED": cell}))
    assert [row.signed for row in found.listings] == [date(2025, 5, 8), None]
    assert [row.row for row in found.unreadable] == [3]


def test_a_list_that_others_made_is_said_to_be_one() -> None:
    assert "someone else" in read_list(sheet_of({}, head=[*HEAD, "LAST SEEN"])).notices[0]


@pytest.mark.parametrize("data", [b"Name,Badge\nAlex,1\n", b"STATE,LAW ENFORCEMENT AGENCY,SUPPORT TYPE\n,,\n"])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(SpreadsheetError):
        read_list(data)


PENDING_HEAD = [name for name in HEAD if name not in {"SIGNED", "MOA", "ADDENDUM"}]


def test_a_pending_list_without_a_row_says_that_nothing_is_pending() -> None:
    found = read_list(sheet_of(head=PENDING_HEAD), expected="pending")
    assert (found.kind, found.listings, found.unreadable) == ("pending", (), ())
    assert "no agency is pending" in found.notices[0]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (sheet_of(head=PENDING_HEAD), None),  # nobody called it that
        (sheet_of(head=PENDING_HEAD), "participating"),
        (sheet_of(head=HEAD), "pending"),  # it has a column SIGNED
        (sheet_of({"STATE": None}, head=PENDING_HEAD), "pending"),  # it has a row, which cannot be read
    ],
)
def test_any_other_list_without_a_row_is_refused(data: bytes, expected: ListKind | None) -> None:
    with pytest.raises(SpreadsheetError, match="no row with a state"):
        read_list(data, expected=expected)


def test_the_longest_of_several_sheets_is_the_list() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet_of({}, {})))
    book.create_sheet("Sheet2", 0).append(HEAD)
    kept = io.BytesIO()
    book.save(kept)
    assert len(read_list(kept.getvalue()).listings) == 2


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("participatingAgencies05162025am.xlsx", date(2025, 5, 16)),
        ("pendingAgencies07032025pmB.xlsx", date(2025, 7, 3)),
        ("ParticipatingEntities-20240131120000.xlsx", date(2024, 1, 31)),
        ("participatingAgencies20259002am.xlsx", None),
        ("participatingAgencies051620255am.xlsx", None),
        ("list.xlsx", None),
    ],
)
def test_the_day_in_a_file_name(name: str, day: date | None) -> None:
    assert named_day(name) == day


def test_a_name_that_cannot_be_true_loses_against_the_dates_signed() -> None:
    signed: list[dict[str, object]] = [{"SIGNED": date(2026, 1, day)} for day in (5, 6, 7, 8)]
    found = read_list(sheet_of(*signed))
    today = date(2026, 2, 1)
    assert as_of_day(found, "participatingAgencies01092025am.xlsx", today) == date(2026, 1, 8)
    assert as_of_day(found, "participatingAgencies01092026am.xlsx", today) == date(2026, 1, 9)
    assert as_of_day(found, "participatingAgencies01092027am.xlsx", today) == date(2026, 1, 8)
    assert as_of_day(read_list(sheet_of({}, head=HEAD[:5])), "x.xlsx", today) == today


def listing(agency: str = "Example County Sheriff's Office", **values: object) -> Listing:
    plain = {
        "row": 2, "state": "FL", "kind": "county", "county": "Example County", "model": "TFM",
        "signed": date(2025, 5, 8), "moa_url": None, "addendum_url": None,
    }  # fmt: skip
    return Listing(agency=agency, **(plain | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "after",
    [
        listing("Example County Sheriff’s Office (Addendum)"),
        listing(signed=date(2025, 5, 9)),
        listing("Example County Sheriffs Ofice"),
        listing(model="WSO"),
        listing(state="GA"),
    ],
)
def test_an_agreement_is_followed_through_corrections(after: Listing) -> None:
    pairs, gone, new = pair_up([listing()], [after])
    assert (len(pairs), gone, new) == (1, [], [])


def test_a_link_follows_a_new_name() -> None:
    pairs, _, _ = pair_up([listing(moa_url=PDF)], [listing("Quite Another Office", moa_url=PDF, signed=None)])
    assert len(pairs) == 1


@pytest.mark.parametrize(
    "after",
    [
        listing("Sample County Sheriff's Office", county="Sample County"),
        listing("Example County Police Department", signed=None),
        listing(model="WSO", signed=None),
    ],
)
def test_another_agreement_is_not_the_same(after: Listing) -> None:
    pairs, gone, new = pair_up([listing()], [after])
    assert (pairs, len(gone), len(new)) == ([], 1, 1)


def test_of_two_duplicates_the_same_dates_find_each_other() -> None:
    one, two = listing(row=2), listing(row=3, signed=date(2025, 6, 1))
    pairs, gone, new = pair_up([one, two], [two, one, listing(row=4)])
    assert [(left.row, right.row) for left, right in pairs] == [(3, 3), (2, 2)]
    assert (gone, [row.row for row in new]) == ([], [4])


@given(st.dictionaries(st.dates(date(2019, 1, 1), date(2026, 1, 1)).map("{:%Y-%m}".format), st.integers(1, 2_000)))
def test_the_chart_is_well_formed_and_has_a_bar_for_each_month(counts: dict[str, int]) -> None:
    root = ET.fromstring(bars_by_month(counts, title='Agreements & "more" <by month>'))  # noqa: S314 - our own drawing
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.findtext(f"{space}title") == 'Agreements & "more" <by month>'
    assert root.findtext(f"{space}desc")
    assert len(root.findall(f"{space}rect/{space}title")) == len(counts)
    assert not counts or len(every_month(counts)) >= len(counts)
    heights = [
        float(bar.get("height", "0")) for bar in root.findall(f"{space}rect") if bar.find(f"{space}title") is not None
    ]
    assert all(0 < height <= 240.1 for height in heights)
