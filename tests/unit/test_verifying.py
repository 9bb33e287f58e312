"""A signed copy held against the issued file: pictures laid over each other, words compared, pages put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.reading.tokens import Token
from assistant.verifying import alignment, pictures
from assistant.verifying.compare import PageComparison
from assistant.verifying.findings import is_same, review_of
from assistant.verifying.signing import SigningResult, signed_of
from assistant.verifying.texts import differences, folded
from assistant.verifying.verdict import match_pages, verdict_of

if TYPE_CHECKING:
    from assistant.verifying.document import IssuedLook, SignedLook

SIZE = (850, 1100)
WORDS = (
    *("the agency shall bear all costs of the", "training of its officers and no others", "until the agreement ends"),
    *("as set forth above in section nine and", "only where both parties so agree", "in writing before that day"),
)


def drawn(*, changed: str = "", instead: str = "", skip: int | None = None) -> Image.Image:
    """A page of lines, in darkness; one word changed, or one line left out."""
    page = Image.new("L", SIZE, 0)
    drawing, font = ImageDraw.Draw(page), ImageFont.load_default(17)
    for n in range(36):
        text = f"{WORDS[n % 6]} {WORDS[(n * 5 + 2) % 6]} {n}"
        if n == 7 and changed:
            text = text.replace(changed, instead, 1)
        if n != skip:
            drawing.text((90 + (n % 4) * 10, 110 + n * 24), text, font=font, fill=255)
    return page


def put(page: Image.Image, angle: float, scale: float, shift: tuple[int, int]) -> Image.Image:
    around = page.rotate(angle, resample=Image.Resampling.BICUBIC, translate=shift)
    small = around.resize((round(SIZE[0] * scale), round(SIZE[1] * scale)), Image.Resampling.BICUBIC)
    made = Image.new("L", SIZE, 0)
    made.paste(small, ((SIZE[0] - small.width) // 2, (SIZE[1] - small.height) // 2))
    return made


def laid_over(page: Image.Image, scan: Image.Image) -> tuple[alignment.Rough, Image.Image]:
    strips = alignment.strips(page)
    rough, level = max(
        ((alignment.align_coarse(level, *strips), level) for level in alignment.levels(scan)),
        key=lambda item: item[0].likeness,
    )
    return rough, alignment.align_fine(level, rough, page)[1]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("angle", "scale", "shift"), [(0.0, 1.0, (0, 0)), (1.4, 0.94, (25, -20)), (-1.3, 1.02, (-28, 15))]
)
def test_a_scan_is_laid_over_its_page(turn: int, angle: float, scale: float, shift: tuple[int, int]) -> None:
    page = drawn()
    scan = put(page, angle, scale, shift).rotate(-turn, expand=True)
    rough, over = laid_over(page, scan)
    assert rough.turn == turn
    whole = (80, 100, 760, 980)
    like = pictures.likeness(pictures.softened(page), pictures.softened(over), whole)
    assert like is not None
    assert like > 0.9


def test_a_changed_word_is_less_like_and_another_line_is_not() -> None:
    page, other = drawn(), drawn(changed="training", instead="teaching")
    line = (90, 110 + 7 * 24, 760, 134 + 7 * 24)
    likes = [
        pictures.likeness(pictures.softened(page), pictures.softened(other), (x, line[1], x + 36, line[3]))
        for x in range(line[0], line[2], 36)
    ]
    assert pictures.likeness(page, page, line) == pytest.approx(1.0)
    told = [like for like in likes if like is not None]
    assert min(told) < 0.76
    assert pictures.likeness(page, other, (90, 110 + 8 * 24, 760, 134 + 8 * 24)) == pytest.approx(1.0)


def test_where_the_issued_page_has_no_ink_nothing_is_said() -> None:
    assert pictures.likeness(Image.new("L", SIZE, 0), drawn(), (10, 10, 60, 30)) is None


def test_added_ink_is_told_and_what_was_printed_is_not() -> None:
    page, other = drawn(skip=20), drawn()
    rest = pictures.added(page, other, ())
    heaps = list(pictures.heaps(rest))
    assert heaps
    assert all(580 < box[1] < 615 for box in heaps)
    assert list(pictures.heaps(pictures.added(page, other, [(0, 580, 850, 630)]))) == []
    assert list(pictures.heaps(pictures.added(page, page, ()))) == []
    assert pictures.ink_in(rest, (80, 580, 760, 620)) > 100


def test_specks_all_over_a_page_are_no_writing_and_told() -> None:
    specks = Image.effect_noise(SIZE, 120).point([255 if grey > 230 else 0 for grey in range(256)])
    assert pictures.dirt(specks) > pictures.DIRTY
    assert pictures.dirt(pictures.added(drawn(skip=20), drawn(), ())) == 0


def test_windows_take_short_words_together_and_part_long_ones() -> None:
    row = [("a", (10, 5, 16, 20)), ("of", (20, 5, 32, 20)), ("responsibilities", (36, 5, 136, 20))]
    found = list(pictures.windows_of([*row, ("b", (10, 40, 16, 55))]))
    assert [window.box for window in found] == [
        (10, 5, 32, 20), (36, 5, 69, 20), (69, 5, 102, 20), (102, 5, 136, 20), (10, 40, 16, 55),
    ]  # fmt: skip
    assert found[0].text == "a of"


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
    return PageComparison(number=number, page=page, **{"middle": 0.95, "similarity": 0.95} | told)


def test_pages_are_put_together() -> None:
    found = match_pages(
        5,
        [
            compared(1, None), compared(2, 1), compared(3, 3), compared(4, 2, turn=180), compared(5, 3),
            PageComparison(number=6, empty=True), compared(7, 5, middle=0.6),
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


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({}, "same"),
        ({"changed": ("shall",)}, "altered"),
        ({"added": ("3.2",)}, "altered"),
        ({"missing_words": ("shall",), "middle": 0.6}, "altered"),
        ({"changed": ("shall",), "middle": 0.6}, "unreadable"),
        ({"changed": ("shall",), "middle": 0.6, "clearest": 0.95}, "altered"),
        ({"cut": ("page",)}, "unreadable"),
        ({"dirty": True}, "unreadable"),
        ({"margin": True}, "same"),
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
INK = {"lea_signature": 90, "lea_date": 90, "ice_date": 0, "ice_side": 0}
NO_DATE = {"date": None, "date_source": "nothing"}


@pytest.mark.parametrize(
    ("read", "ink", "wanted"),
    [
        ({}, {}, ("present", "2025-03-28", True)),
        ({"signed": None}, {}, ("present", "2025-03-28", True)),
        ({"signed": False}, {"lea_signature": 3}, ("absent", "2025-03-28", True)),
        ({"signed": False}, {}, ("unclear", "2025-03-28", True)),
        ({}, {"lea_signature": 3}, ("unclear", "2025-03-28", True)),
        ({"signed": None}, {"lea_signature": 20}, ("unclear", "2025-03-28", True)),
        ({"electronic": True}, {"lea_signature": 3}, ("present", "2025-03-28", True)),
        ({"typed_name": True}, {}, ("unclear", "2025-03-28", True)),
        (NO_DATE, {"lea_date": 2}, ("present", "absent", True)),
        (NO_DATE, {"lea_date": 20}, ("present", "unclear", True)),
        ({"date": None, "date_source": "ink"}, {}, ("present", "unreadable", True)),
        (NO_DATE, {}, ("present", "unreadable", True)),
        ({}, {"ice_date": 60, "ice_side": 60}, ("present", "2025-03-28", False)),
        ({"ice": {"ice_date": "field"}}, {}, ("present", "2025-03-28", False)),
        ({}, {"ice_side": 30}, ("present", "2025-03-28", None)),
    ],
)
def test_signature_date_and_ices_side_are_told_by_two_witnesses(
    read: dict[str, Any], ink: dict[str, int], wanted: tuple[str, str, bool | None]
) -> None:
    found = signed_of(cast("SignedLook", READ | read), cast("IssuedLook", ISSUED), {2: compared(2, 2, ink=INK | ink)})
    assert (found.signature, found.date, found.ice_side_empty) == wanted


def test_of_a_signing_page_that_is_not_there_nothing_is_told() -> None:
    for pages in ({}, {2: compared(2, 2, ink=INK, middle=0.6)}):
        found = signed_of(cast("SignedLook", READ | NO_DATE), cast("IssuedLook", ISSUED), pages)
        assert (found.signature, found.date, found.ice_side_empty) == ("unclear", "unclear", None)


def test_a_page_of_the_issued_file_keeps_its_type() -> None:
    assert PageComparison.from_document(compared(3, 2, changed=("a",)).to_document()) == compared(3, 2, changed=("a",))
