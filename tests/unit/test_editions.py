"""Field maps: every folder in ``forms/`` reads well, and a badly written one says where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.editions.catalog import all_editions, editions_for, get_edition, read_edition
from assistant.errors import EditionError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
model = "TFM"
title = "A form"
stamp = "02/12/2025"
pages = 2
[recognise]
acroform = true
words = ["A form"]
[fields]
"name" = { page = 1, label = "name", from = "agency.legal_name" }
[left_blank]
"date" = { page = 2, label = "date", side = "ice", reason = "ICE’s" }
"""


def written(tmp_path: Path, text: str, edition_id: str = "2025-02-12") -> Path:
    file = tmp_path / "moa-tfm" / edition_id / "edition.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    return file


def test_every_edition_is_found_newest_first() -> None:
    names = [edition.name for edition in all_editions()]
    assert len(names) == len(set(names))
    assert [edition.edition_id for edition in editions_for("TFM")] == [
        "2025-03-07",
        "2025-02-14",
        "2025-02-14.flat",
        "2025-02-12",
    ]
    assert [edition.edition_id for edition in editions_for("WSO")] == ["2025-02-15", "2025-02-14", "2025-02-14.flat"]
    assert all(edition.fillable for model in ("JEM", "TFM", "WSO") for edition in editions_for(model))
    assert not get_edition("moa-ttfm/unpublished").fillable


@pytest.mark.parametrize("edition", all_editions(), ids=lambda edition: edition.name)
def test_every_blank_says_what_it_is(edition: object) -> None:
    found = get_edition(edition.name)  # type: ignore[attr-defined]
    assert all(blank.label for blank in found.entries)
    assert all(blank.label for blank in found.left_blank)
    pages = {blank.page for blank in found.entries} | {blank.page for blank in found.left_blank}
    assert (0 in pages) == (found.pages is None)
    assert any(blank.side == "ice" for blank in found.left_blank) == (found.model is not None)
    for blank in found.left_blank:
        assert blank.reason


def test_a_good_map_reads(tmp_path: Path) -> None:
    edition = read_edition(written(tmp_path, GOOD))
    assert (edition.name, edition.model, edition.pages) == ("moa-tfm/2025-02-12", "TFM", 2)
    assert edition.recognise is not None
    assert edition.recognise.fields == {"name", "date"}


BAD = {
    "no TOML": ("model = ", "edition.toml"),
    "a blank twice": (GOOD + '"date" = { page = 1, label = "x", side = "ice", reason = "x" }', "edition.toml"),
    "an unknown key": (GOOD.replace('title = "A form"', 'title = "A form"\nnickname = "x"'), "unknown key nickname"),
    "an unknown model": (GOOD.replace('"TFM"', '"ABC"'), "model ABC"),
    "no such path": (GOOD.replace("agency.legal_name", "agency.nickname"), "name: agency.nickname"),
    "no such format": (GOOD.replace('legal_name" }', 'legal_name", format = "capitals" }'), "name: there is no format"),
    "a key of an entry": (GOOD.replace('legal_name" }', 'legal_name", colour = "red" }'), "name: unknown key colour"),
    "a key of a blank": (GOOD.replace("side =", "edge = 1, side ="), "date: unknown key edge"),
    "a side": (GOOD.replace('side = "ice"', 'side = "left"'), "date: side is"),
    "a place for nothing": (GOOD + "[places]\n'x' = [{ page = 1, line = [1, 2, 3], size = 9 }]", "place x"),
    "no title": (GOOD.replace('title = "A form"', ""), "title"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_badly_written_map_says_where(name: str, tmp_path: Path) -> None:
    text, words = BAD[name]
    with pytest.raises(EditionError, match=r"edition\.toml") as caught:
        read_edition(written(tmp_path, text))
    assert words in str(caught.value)


def test_a_folder_has_to_be_named_by_the_printed_date(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="YYYY-MM-DD"):
        read_edition(written(tmp_path, GOOD, "Feb12"))
