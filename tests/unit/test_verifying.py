"""What was found of each page of a signed copy, put together: verdicts, sentences, findings, signing; and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

pytest.importorskip("cv2", reason="the extra scan is not installed")

from assistant.errors import InputError
from assistant.reading.tokens import Token
from assistant.services.agreements import verify_signed_copy
from assistant.verifying.comparison import PageComparison, PageDifference
from assistant.verifying.findings import is_same, review_of
from assistant.verifying.signing import SigningResult, signed_of
from assistant.verifying.texts import compare_reflowed, differences, folded, remove_running_lines
from assistant.verifying.verdict import describe_difference, join_texts, match_pages, needs_texts, verdict_of

if TYPE_CHECKING:
    from assistant.verifying.comparison import DifferenceDocument
    from assistant.verifying.digital_signatures import SignatureCheck
    from assistant.verifying.document import IssuedLook, SignedLook


def token(text: str, x0: float = 100, base: float = 500) -> Token:
    return Token(text=text, x0=x0, x1=x0 + 20, base=base, size=10, source="text")


def test_words_are_folded_alike_on_both_sides() -> None:
    assert folded("Sheriff’s “ofﬁce” __") == ["Sheriff's", '"office"']


@pytest.mark.parametrize(
    ("issued", "signed", "lost", "gained"),
    [
        (["shall", "not"], ["shall", "not"], [], []),
        (["shall", "not"], ["not shall"], [], []),
        (["Sheriff’s"], ["Sheriff's"], [], []),
        (["to day"], ["today"], [], []),
        (["shall", "not"], ["shall"], ["not"], []),
        (["shall"], ["may"], ["shall"], ["may"]),
        (["angel"], ["glean"], ["angel"], ["glean"]),
        (["May"], ["may"], ["May"], ["may"]),
        (["no", "no"], ["no"], ["no"], []),
    ],
)
def test_words_are_compared_as_often_as_they_stand(
    issued: list[str], signed: list[str], lost: list[str], gained: list[str]
) -> None:
    assert differences(map(token, issued), list(map(token, signed)), ()) == (lost, gained)


def test_what_a_pen_may_write_is_left_out() -> None:
    assert differences([], [token("03/28/2025", base=500)], [(90, 490, 130, 520)]) == ([], [])


def compared(number: int, page: int | None, **told: Any) -> PageComparison:
    return PageComparison(number=number, page=page, **{"likeness": 0.95, "similarity": 0.95} | told)


def test_pages_are_put_together() -> None:
    found = match_pages(
        5,
        [
            compared(1, None), compared(2, 1), compared(3, 3), compared(4, 2, turn=180), compared(5, 3),
            PageComparison(number=6, empty=True), compared(7, 5, unreadable="is out of focus"),
        ],
    )  # fmt: skip
    assert [page.verdict for page in found.pages] == ["same", "same", "same", "missing", "unreadable"]
    assert found.pages[1].rotation == 180
    assert (found.extra, found.empty, found.doubled) == ((1,), (6,), ((5, 3),))
    assert len(found.moved) == 1
    assert set(found.moved) < {2, 3}
    assert not is_same(found)
    review = review_of(found, SIGNED, ISSUED)
    assert [(finding.code, finding.severity, finding.where) for finding in review.findings][:3] == [
        ("page-missing", "blocker", "p. 4"),
        ("page-unreadable", "blocker", "p. 5"),
        ("page-out-of-order", "blocker", f"p. {found.moved[0]}"),
    ]
    assert {finding.code for finding in review.findings} == {
        "page-missing", "page-unreadable", "page-out-of-order", "page-turned", "page-doubled", "page-extra",
        "page-empty",
    }  # fmt: skip


WORD = PageDifference(kind="word", issued="two", read="six")
COARSE = PageDifference(kind="coarse", issued="1974,")
GAINED = PageDifference(kind="text", read="not")


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({}, "same"),
        ({"notes": ("a punched hole",)}, "same"),
        ({"differences": (COARSE,)}, "unclear"),
        ({"differences": (PageDifference(kind="written", issued="shall"),)}, "unclear"),
        ({"differences": (PageDifference(kind="covered", issued="shall"),)}, "unclear"),
        ({"differences": (COARSE, WORD)}, "altered"),
        ({"differences": (WORD,), "unreadable": "is too pale"}, "unreadable"),
        ({"differences": (GAINED,), "unreadable": "is too pale"}, "altered"),
        ({"unreadable": "is out of focus"}, "unreadable"),
    ],
)
def test_a_page_is_judged_by_what_was_found(told: dict[str, Any], verdict: str) -> None:
    assert verdict_of(compared(1, 1, **told)) == verdict


def test_another_document_is_called_that_and_nothing_else() -> None:
    found = match_pages(4, [compared(1, None), compared(2, 2), compared(3, None)])
    review = review_of(found, SIGNED, ISSUED)
    assert [finding.code for finding in review.findings] == ["not-the-same-document"]
    assert not review.ready


BOX = [0.0, 0.0, 10.0, 10.0]
ISSUED: dict[str, Any] = {
    "blanks": {"2": {"slots": {"lea_signature": BOX, "lea_date": BOX, "ice_date": BOX, "ice_side": BOX}}},
    "filled": [],
    "places": {},
}
READ: dict[str, Any] = {
    "signed": True, "electronic": False, "typed_name": False, "date": "2025-03-28", "date_source": "text",
    "date_recognised": False, "ice": {"ice_date": "nothing"},
}  # fmt: skip
SIGNED = SigningResult(signature="present", date="2025-03-28", date_recognised=False, ice_side_empty=True)
INK = {"lea_signature": 900, "lea_date": 900, "ice_date": 0, "ice_side": 0}
NO_DATE = {"date": None, "date_source": "nothing"}


@pytest.mark.parametrize(
    ("read", "ink", "wanted"),
    [
        ({}, {}, ("present", "2025-03-28", True)),
        ({"signed": None}, {}, ("present", "2025-03-28", True)),
        ({"signed": False}, {"lea_signature": 3}, ("absent", "2025-03-28", True)),
        ({"signed": False}, {}, ("unclear", "2025-03-28", True)),
        ({"signed": False}, {"ice_date": 90}, ("unclear", "2025-03-28", None)),
        ({"signed": False}, {"ice_date": 600}, ("present", "2025-03-28", False)),
        ({}, {"lea_signature": 3}, ("unclear", "2025-03-28", True)),
        ({"signed": None}, {"lea_signature": 90}, ("unclear", "2025-03-28", True)),
        ({"electronic": True}, {"lea_signature": 3}, ("present", "2025-03-28", True)),
        ({"typed_name": True}, {}, ("unclear", "2025-03-28", True)),
        (NO_DATE, {"lea_date": 2}, ("present", "absent", True)),
        (NO_DATE, {"lea_date": 90}, ("present", "unclear", True)),
        ({"date": None, "date_source": "ink"}, {}, ("present", "unreadable", True)),
        (NO_DATE, {}, ("present", "unreadable", True)),
        ({}, {"ice_date": 600, "ice_side": 600}, ("present", "2025-03-28", False)),
        ({"ice": {"ice_date": "field"}}, {}, ("present", "2025-03-28", False)),
        ({}, {"ice_side": 90}, ("present", "2025-03-28", None)),
    ],
)
def test_signature_date_and_ices_side_are_told_by_two_witnesses(
    read: dict[str, Any], ink: dict[str, int], wanted: tuple[str, str, bool | None]
) -> None:
    found = signed_of(cast("SignedLook", READ | read), cast("IssuedLook", ISSUED), {2: compared(2, 2, ink=INK | ink)})
    assert (found.signature, found.date, found.ice_side_empty) == wanted


def test_of_a_signing_page_that_is_not_there_nothing_is_told() -> None:
    for pages in ({}, {2: compared(2, 2, ink=INK, unreadable="is too pale")}):
        found = signed_of(cast("SignedLook", READ | NO_DATE), cast("IssuedLook", ISSUED), pages)
        assert (found.signature, found.date, found.ice_side_empty) == ("unclear", "unclear", None)


def test_a_page_of_the_issued_file_keeps_its_type() -> None:
    page = compared(3, 2, differences=(WORD, COARSE), notes=("a stamp",), black_and_white=True)
    assert PageComparison.from_document(page.to_document()) == page


@pytest.mark.parametrize(
    ("difference", "sentence"),
    [
        (WORD, "Page 4: the file says “two”, the scan seems to say “six”."),
        (PageDifference(kind="word", place=3.21), "Page 4: a word, 3.2 inches from the top, does not look like"),
        (PageDifference(kind="gone", issued="ICE"), "Page 4: “ICE”, 0.0 inches from the top, is not there."),
        (PageDifference(kind="added", read="not"), "Page 4: “not”, 0.0 inches from the top, is not in the file."),
        (PageDifference(kind="struck", issued="Pine"), "Page 4: “Pine”, 0.0 inches from the top, is struck out."),
        (COARSE, "Look at “1974,” on page 4, 0.0 inches from the top: the scan is too coarse to tell."),
        (PageDifference(kind="written", issued="Homeland"), "Something is written over “Homeland” on page 4"),
        (PageDifference(kind="written"), "Something is written on page 4"),
        (GAINED, "Page 4: the text of the signed copy says “not”, the file does not."),
    ],
)
def test_each_difference_is_a_sentence_that_quotes(difference: PageDifference, sentence: str) -> None:
    assert describe_difference(difference, 4).startswith(sentence)


def test_a_ruined_page_in_the_place_of_one_that_lacks_is_unreadable_and_a_foreign_one_is_not() -> None:
    ruined = match_pages(3, [compared(1, 1), compared(2, None, legible=False), compared(3, 3)])
    assert [page.verdict for page in ruined.pages] == ["same", "unreadable", "same"]
    assert ruined.pages[1].signed_page == 2
    assert ruined.extra == ()
    foreign = match_pages(3, [compared(1, 1), compared(2, None), compared(3, 3)])
    assert [page.verdict for page in foreign.pages] == ["same", "missing", "same"]
    assert foreign.extra == (2,)
    elsewhere = match_pages(3, [compared(1, None, legible=False), compared(2, 1), compared(3, 3)])
    assert [page.verdict for page in elsewhere.pages] == ["same", "missing", "same"]


def test_pages_that_only_the_signed_copy_has_stand_among_the_verdicts() -> None:
    found = match_pages(1, [compared(1, 1), compared(2, 1), compared(3, None)])
    assert [(page.page, page.verdict, page.signed_page, page.why) for page in found.extra_pages] == [
        (None, "extra", 2, ("Page 1 is in the signed copy once more.",)),
        (None, "extra", 3, ("This is not a page of this file.",)),
    ]


def test_on_black_and_white_an_empty_line_is_not_called_empty() -> None:
    pages = {2: compared(2, 2, ink=INK | {"lea_signature": 3, "lea_date": 0}, black_and_white=True)}
    found = signed_of(cast("SignedLook", READ | NO_DATE | {"signed": False}), cast("IssuedLook", ISSUED), pages)
    assert (found.signature, found.date) == ("unclear", "unclear")
    review = review_of(match_pages(2, [compared(1, 1), pages[2]]), found, ISSUED)
    (message,) = [finding.message for finding in review.findings if finding.code == "signature-unclear"]
    assert message.startswith("No signature is visible.")
    pages = {2: compared(2, 2, ink=INK | {"lea_signature": 3})}
    gray = signed_of(cast("SignedLook", READ | {"signed": False}), cast("IssuedLook", ISSUED), pages)
    assert gray.signature == "absent"


@pytest.mark.parametrize(
    ("signed", "wanted"),
    [
        (["the", "agree-", "ment", "ends", "here"], []),
        (["the", "agreement", "ends", "here"], []),
        (["the", "agreement", "never", "ends", "here"], [("", "never")]),
        (["the", "agreement", "here"], [("ends", "")]),
        (["the", "agreements", "ends", "here"], [("agreement", "agreements")]),
    ],
)
def test_a_print_with_other_line_breaks_is_compared_by_its_words(
    signed: list[str], wanted: list[tuple[str, str]]
) -> None:
    pages = compare_reflowed([["the", "agreement"], ["ends", "here"]], signed)
    assert [(row.issued, row.read) for page in pages for row in page] == wanted


def test_a_running_line_that_was_set_into_the_text_is_removed_and_no_other_words() -> None:
    footer = ["Revised", "02/14/2025", "3"]
    assert remove_running_lines(["the", "end", "3", "Revised", "02/14/2025"], [footer]) == ["the", "end"]
    assert remove_running_lines(["the", "3", "Revised", "days"], [footer]) == ["the", "3", "Revised", "days"]
    assert remove_running_lines(["not", "the", "end"], [["not"]]) == ["not", "the", "end"]


@pytest.mark.parametrize(("similarity", "verdict"), [(0.97, "altered"), (0.3, "same")])
def test_a_page_with_the_same_text_is_altered_where_its_own_picture_is(similarity: float, verdict: str) -> None:
    struck = (PageDifference(kind="text", read="COPY"), PageDifference(kind="struck", issued="shall"))
    pages = match_pages(1, [compared(1, 1, similarity=similarity, differences=struck)])
    joined = join_texts(pages, {"comparable": True, "pages": {"1": []}})
    assert [page.verdict for page in joined.pages] == [verdict]


def test_verdicts_by_text_take_the_place_of_those_by_picture_where_both_files_have_text() -> None:
    found = match_pages(2, [compared(1, None), compared(2, None), compared(3, None)])
    assert needs_texts(found)
    assert join_texts(found, {"comparable": False, "pages": {}}) is found
    row: DifferenceDocument = {"kind": "text", "issued": "two", "read": "six", "place": 0.0}
    joined = join_texts(found, {"comparable": True, "pages": {"1": [], "2": [row]}})
    assert [(page.verdict, page.by_text) for page in joined.pages] == [("same", True), ("altered", True)]
    assert joined.pages[1].why == ("Page 2: the file says “two”, the text of the signed copy says “six”.",)
    assert not needs_texts(match_pages(2, [compared(1, 1), compared(2, 2)]))


@pytest.mark.parametrize(
    ("signature", "code", "severity"),
    [
        ({}, "digital-signature", "note"),
        ({"whole_file": False}, "digital-signature-partial", "warning"),
        ({"unchanged": False}, "digital-signature-broken", "blocker"),
        ({"intact": False}, "digital-signature-broken", "blocker"),
    ],
)
def test_a_digital_signature_is_told_as_what_it_is(signature: dict[str, Any], code: str, severity: str) -> None:
    whole = {"signer": "Jordan Tester", "intact": True, "whole_file": True, "unchanged": True, "signed_at": None}
    found = match_pages(2, [compared(1, 1), compared(2, 2, ink=INK)])
    review = review_of(found, SIGNED, ISSUED, [cast("SignatureCheck", whole | signature)])
    assert [(finding.code, finding.severity) for finding in review.findings] == [(code, severity)]
    assert "Jordan Tester" in review.findings[0].message


def test_without_what_reads_pictures_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.services.agreements.verify_signed_copy.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"Run `python3 bootstrap\.py setup`"):
        verify_signed_copy.verify(b"%PDF-", b"%PDF-")
