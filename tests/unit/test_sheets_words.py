"""The words, days, links and names of the lists, in every spelling seen."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.agencies import likeness
from assistant.agencies.cells import correct_link, signed_on
from assistant.agencies.names import key_name
from assistant.agencies.words import kind_of, model_of, state_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UTAHJ", "UT"), ("UTAh", "UT"), ("VIRIGINA", "VA"), ("PENNSLYVANIA", "PA"), ("MCHIGAN", "MI"), ("GUAM", "GU"),
        ("NORTHERN MARIANA ISLANDS", "MP"), (" west  virginia ", "WV"), ("VIRGINIA", "VA"), ("NORTH CAROLNIA", "NC"),
        ("FL", "FL"), ("Washington, D.C.", "DC"), ("CAROLINA", None), ("DAKOTA", None), ("ATLANTIS", None), ("", None),
    ],
)  # fmt: skip
def test_states(text: str, code: str | None) -> None:
    assert state_of(text) == code


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Jail Enforcement Model", "JEM"), ("Jail Enforcment Model ", "JEM"), ("Task Force Officer", "TFM"),
        ("Warrant Services Officer", "WSO"), ("Warrant Service Office", "WSO"), ("Tribal Task Force Model", "TTFM"),
        ("Tribal Task Force Modl", "TTFM"), ("287(g) TFM", "TFM"), ("", None), ("#N/A", None), ("Police", None),
    ],
)  # fmt: skip
def test_models(text: str, model: str | None) -> None:
    assert model_of(text) == model


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("County", "county"), ("Muncipality", "municipality"), ("Municipal", "municipality"), ("State", "state"),
        ("State Agency", "state"), ("#NA", None), ("#N/A", None), ("", None), ("Tribal", "tribal"),
    ],
)  # fmt: skip
def test_kinds(text: str, kind: str | None) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (datetime(2016, 3, 19), date(2016, 3, 19)),  # noqa: DTZ001 - a cell has no zone
        (date(2025, 5, 8), date(2025, 5, 8)),
        (45785.0, date(2025, 5, 8)),
        ("2025-05-08", date(2025, 5, 8)),
        ("5/8/2025", date(2025, 5, 8)),
        ("05/08/25", date(2025, 5, 8)),
        ("May 8, 2025", date(2025, 5, 8)),
    ],
)  # fmt: skip
def test_days_written_plainly(cell: str | float | date, day: date) -> None:
    assert signed_on(cell) == (day, None)


@pytest.mark.parametrize(
    ("cell", "day"),
    [("05/082025", date(2025, 5, 8)), ("7/72025", date(2025, 7, 7)), ("8/282025", date(2025, 8, 28))],
)
def test_a_missing_slash_is_mended_and_told(cell: str, day: date) -> None:
    mended, why = signed_on(cell)
    assert mended == day
    assert why
    assert cell in why


@pytest.mark.parametrize(
    "cell",
    ["6/30/20026", "13/45/2025", "soon", datetime(5025, 6, 3), date(1899, 1, 1), -4.0, "5/8/1025", "05/992025"],  # noqa: DTZ001
)
def test_a_day_that_cannot_be_is_told_and_the_row_kept(cell: str | float | date) -> None:
    day, why = signed_on(cell)
    assert day is None
    assert why


@given(st.dates(date(1996, 1, 1), date(2099, 12, 31)), st.sampled_from(["{:%m/%d/%Y}", "{:%Y-%m-%d}", "{:%B %d, %Y}"]))
def test_a_day_that_was_written_reads_the_same(day: date, form: str) -> None:
    assert signed_on(form.format(day)) == (day, None)
    if day.year >= 2000:
        assert signed_on(f"{day.month}/{day.day}{day.year}")[0] == day


@given(st.text(max_size=30))
def test_no_text_brings_the_readers_down(text: str) -> None:
    signed_on(text)
    link, _ = correct_link(text)
    assert link is None or link.startswith(("https://", "http://"))
    assert state_of(text) is None or len(state_of(text) or "") == 2
    model_of(text)
    kind_of(text)
    assert 0 <= likeness(text, "Example County Sheriff's Office") <= 1


PDF = "https://www.ice.gov/doclib/287gMOA/Example.pdf"


@pytest.mark.parametrize(
    ("target", "address"),
    [
        (PDF, PDF),
        ("http://www.ice.gov/doclib/287gMOA/Example.pdf", PDF),
        ("https:/www.ice.gov/doclib/287gMOA/Example.pdf", PDF),
        ("https:///www.ice.gov/doclib/287gMOA/Example.pdf", PDF),
        ("www.ice.gov/doclib/287gMOA/Example.pdf", PDF),
        (f"chrome-extension://efaidnbmnnnibpcajpcglclefindmkaj/{PDF}", PDF),
        (
            "https://gcc02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.ice.gov%2Fdoclib%2F287gMOA%2FExample.pdf&d=5",
            PDF,
        ),
        ("https://www.ice.gov/doclib/A B.pdf ", "https://www.ice.gov/doclib/A%20B.pdf"),
        ("http://example.gov/a.pdf", "http://example.gov/a.pdf"),
        ("https://web.archive.org/web/2021/https://www.ice.gov/x", "https://www.ice.gov/x"),
        (f"http://web.archive.org/web/20250701000000*/{PDF}", PDF),
        ("https://web.archive.org/details/x", "https://web.archive.org/details/x"),
        (
            "https://archive.example.gov/web/2021/https://www.ice.gov/x",
            "https://archive.example.gov/web/2021/https://www.ice.gov/x",
        ),
    ],
)
def test_links_are_mended(target: str, address: str) -> None:
    assert correct_link(target) == (address, None)


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "chrome-extension://efaidnbmnnnibpcajpcglclefindmkaj/", "file:///C:/x.pdf", "#Sheet2!A1",
        "mailto:a@example.gov", "https://", "https://[", "https://user@ice.gov.example.com/", "data:text/html,x",
        "https://x.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
    ],
)  # fmt: skip
def test_what_leads_to_no_page_is_dropped_and_told(target: str) -> None:
    address, why = correct_link(target)
    assert address is None
    assert why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Example Co. SO", "Example County Sheriff's Office"),
        ("Example County Sheriff’s Department", "Example County Sheriff's Office"),
        ("Saint Example PD", "St. Example Police Department"),
        ("Mt. Example Police Dept.", "Mount Example Police Department"),
    ],
)
def test_names_that_mean_the_same_are_the_same(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one) == 1


def test_names_are_told_apart_by_their_own_words() -> None:
    wanted = "Lee County Sheriff's Office"
    assert likeness(wanted, "Levy County Sheriff's Office") < 0.8 < likeness("Lee", wanted)
    assert likeness(wanted, "Lee County Police Department") < 0.9
    assert likeness("", wanted) == 0


def test_a_key_folds_quotes_spaces_and_the_suffix() -> None:
    assert key_name("Example\xa0County Sheriff’s Office (Addendum)") == key_name("example county sheriff's  office")
