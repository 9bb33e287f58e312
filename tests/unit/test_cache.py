"""Caches have bounds, and their keys cover everything a result depends on."""

from __future__ import annotations

import ast
import gc
import os
import threading
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import pytest

from assistant import config
from assistant.answers import Answers
from assistant.cache import (
    LONGEST_TEXT,
    IdentityCache,
    LruCache,
    cached_by_state,
    cached_text,
    content_key,
    file_state,
    forget_people,
)
from assistant.editions import catalog
from assistant.editions.catalog import all_editions, editions_fingerprint
from assistant.editions.library import FormLibrary, FormOnHand
from assistant.editions.recognition import page_text, recognise
from assistant.pdf.form import embedded_font
from assistant.pdf.form.template import _compiled, compile_template
from assistant.services.agreements.read_agreement import answers_with
from assistant.web.kit import static_files
from tests.unit.made_letters import letter_pdf

PACKAGE = Path(config.__file__).resolve().parent
FINITE = {
    "answers/plain_values.py:_names": "the dataclasses of the answers",
    "answers/annotations.py:hints": "the dataclasses of the answers",
    "answers/reader.py:reader": "the annotations of the answers",
    "pdf/form/font.py:core_font": "the core fonts; another name raises",
    "program/stored.py:built_in_rows": "the files of program/data; another name raises",
    "program/stored.py:table": "the files of program/data; another name raises",
    "program/words.py:words": "the lists of words.toml; another name raises",
    "web/kit/page_forms.py:names": "the classes of pages",
    "web/kit/page_forms.py:paths": "the classes of pages",
}
"""Functions remembered without a bound, and what bounds their arguments."""


def test_the_one_asked_for_longest_ago_goes_first() -> None:
    cache: LruCache[int, str] = LruCache(2)
    for number in (1, 2, 1, 3):
        cache.get_or_make(number, lambda: "made")
    assert [cache.get(number) for number in (1, 2, 3)] == ["made", None, "made"]
    assert len(cache) == 2


def test_the_sizes_of_all_values_have_a_bound() -> None:
    cache: LruCache[int, bytes] = LruCache(100, max_bytes=10, size_of=len)
    for number in range(5):
        cache.put(number, b"1234")
        assert cache.size <= 10
    assert [number for number in range(5) if cache.get(number)] == [3, 4]
    cache.put(4, b"1")
    assert cache.size == 5
    cache.put(3, b"x" * 11)
    assert (cache.get(3), cache.get(4), cache.size) == (None, b"1", 1), "too large to keep, and the old one is stale"


def test_what_is_made_while_the_cache_is_emptied_is_not_kept() -> None:
    cache: LruCache[str, str] = LruCache(4)

    def make() -> str:
        cache.clear()
        return "of somebody who was deleted"

    assert cache.get_or_make("key", make)
    assert len(cache) == 0


def test_threads_may_share_it() -> None:
    cache: LruCache[int, int] = LruCache(8, max_bytes=64, size_of=lambda _: 8)

    def use() -> None:
        for number in range(2000):
            assert cache.get_or_make(number % 13, lambda number=number: number % 13) == number % 13  # type: ignore[misc]

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(cache), cache.size) == (8, 64)


def test_only_caches_about_people_forget_them() -> None:
    people: LruCache[str, str] = LruCache(2, personal=True)
    forms: LruCache[str, str] = LruCache(2)
    asked: list[str] = []

    @cached_text(8, personal=True)
    def upper(text: str) -> str:
        asked.append(text)
        return text.upper()

    for cache in (people, forms):
        cache.put("key", "value")
    assert (upper("a"), upper("a")) == ("A", "A")
    forget_people()
    assert (len(people), len(forms)) == (0, 1)
    assert upper("a") == "A"
    assert asked == ["a", "a"]


def test_a_long_text_is_not_remembered() -> None:
    asked: list[int] = []

    @cached_text(8)
    def length(text: str) -> int:
        asked.append(len(text))
        return len(text)

    for text in ("x" * LONGEST_TEXT, "x" * (LONGEST_TEXT + 1)):
        assert (length(text), length(text)) == (len(text), len(text))
    assert asked == [LONGEST_TEXT, LONGEST_TEXT + 1, LONGEST_TEXT + 1]


class Thing:
    """Something that is equal to every other of its kind, and can still be told from it."""


def test_what_is_kept_for_an_object_goes_with_it() -> None:
    cache: IdentityCache[int] = IdentityCache(2)
    one, other = Thing(), Thing()
    assert cache.get_or_make(one, "a", lambda: 1) == 1
    assert cache.get_or_make(other, "a", lambda: 2) == 2
    assert cache.get_or_make(one, "b", lambda: 3) == 3
    assert cache.get_or_make(one, "a", lambda: 4) == 1
    assert len(cache) == 2
    del one
    gc.collect()
    assert len(cache) == 1


@dataclass(frozen=True)
class Row:
    name: str
    number: int


@dataclass(frozen=True)
class Other:
    name: str
    number: int


def test_keys_are_the_same_only_where_the_contents_are() -> None:
    different: list[tuple[object, ...]] = [
        (), (None,), ("",), (b"",), ((),), ((), ()), ("a", "b"), ("ab",), ("a", "b", None), (("a", "b"),),
        (("a",), "b"), (1,), (True,), (1.0,), ("1",), (b"1",), (date(2026, 1, 5),), (datetime(2026, 1, 5, tzinfo=UTC),),
        ("2026-01-05",), (UUID(int=1),), (frozenset({"a", "b"}),), (frozenset({"ab"}),), ({"a": "b"},),
        ({"b": "a"},), (Row("a", 1),), (Row("a", 2),), (Other("a", 1),), ("a", 1),
    ]  # fmt: skip
    assert len({content_key(*parts) for parts in different}) == len(different)
    assert content_key(frozenset({"a", "b", "c"})) == content_key({"c", "b", "a"})
    assert content_key(MappingProxyType({"a": 1, "b": 2})) == content_key({"b": 2, "a": 1})
    assert content_key(Row("a", 1)) == content_key(Row("a", 1))


@pytest.mark.parametrize("part", [object(), lambda: None, FormLibrary, [object()]])
def test_what_has_no_content_makes_no_key(part: object) -> None:
    with pytest.raises(TypeError):
        content_key(part)


def test_a_forms_fingerprint_covers_its_pdf_and_every_line_of_its_map(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = next(one for one in all_editions() if one.name == "moa-tfm/2025-03-07")
    form = FormOnHand(edition=edition, sha256="ab" * 32)
    entry = edition.entries[0]
    changed = [
        replace(form, sha256="cd" * 32),
        replace(form, edition=replace(edition, title="Another title")),
        replace(form, edition=replace(edition, entries=edition.entries[1:])),
        replace(form, edition=replace(edition, entries=(replace(entry, path="agency.county"), *edition.entries[1:]))),
        replace(form, edition=replace(edition, entries=(replace(entry, format="upper"), *edition.entries[1:]))),
        replace(form, edition=replace(edition, left_blank=edition.left_blank[1:])),
        replace(form, edition=replace(edition, signing_page=1)),
    ]
    assert len({one.fingerprint for one in [form, *changed]}) == len(changed) + 1
    assert replace(form, edition=replace(edition)).fingerprint == form.fingerprint, "an equal one has the same"
    before = form.fingerprint
    monkeypatch.setattr("assistant.config.assets_dir", lambda: None)
    assert form.fingerprint != before, "without the font, a form looks otherwise"


def test_an_edition_changed_on_disk_is_another_one_though_size_and_time_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_INSTANCE_DIR", str(tmp_path))
    folder = catalog.local_editions_dir() / "moa-tfm" / "2031-01-01"
    folder.mkdir(parents=True)
    file = folder / "edition.toml"
    text = (config.resource_dir("forms") / "moa-tfm" / "2025-03-07" / "edition.toml").read_text("utf-8")
    text = text.replace("03/07/2025", "01/01/2031")
    file.write_text(text, "utf-8")
    state, before = file.stat(), editions_fingerprint()
    assert "moa-tfm/2031-01-01" in {one.name for one in all_editions()}
    other = file.with_name("other")
    other.write_text(text.replace("agency.legal_name", "agency.represents", 1), "utf-8")
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(file)
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (state.st_size, state.st_mtime_ns)
    assert editions_fingerprint() != before


def test_a_file_that_is_replaced_has_another_state(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_bytes(b"one")
    before = file_state(file)
    assert file_state(file) == before
    other = tmp_path / "b.css"
    other.write_bytes(b"two")
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)
    assert file_state(file) != before


def test_what_is_known_of_a_form_goes_with_the_compiled_form() -> None:
    data = letter_pdf(fields=True, revised="03/03/2031")
    template = compile_template(data)
    assert recognise(template) is None
    assert page_text(template, 0)
    _compiled.clear()
    again = compile_template(data)
    assert again is not template
    assert page_text(again, 0) == page_text(template, 0)


def test_compiled_forms_have_a_bound_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    one = letter_pdf(fields=True)
    monkeypatch.setattr(_compiled, "max_bytes", 2 * len(one))
    _compiled.clear()
    for day in range(1, 7):
        compile_template(letter_pdf(fields=True, revised=f"01/0{day}/2031"))
        assert 0 < _compiled.size <= 2 * len(one)


def test_addresses_that_nobody_has_leave_nothing_in_memory() -> None:
    before = len(static_files._digests)
    for number in range(200):
        assert static_files.own_digest(f"nothing-{number}.css") == "none"
    assert len(static_files._digests) == before


def test_a_style_that_is_replaced_goes_out_under_another_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    style = tmp_path / static_files.STYLE
    style.parent.mkdir(parents=True)
    style.write_text("a { color: blue }")
    monkeypatch.setattr("assistant.config.assets_dir", lambda: tmp_path)
    before, packed = static_files.assets_digest(), static_files._gzipped(style)
    style.write_text("a { color: navy }")
    assert static_files.assets_digest() != before
    assert static_files._gzipped(style) != packed


def test_a_state_that_somebody_typed_is_not_remembered_for_ever() -> None:
    from assistant.program import laws  # noqa: PLC0415

    assert laws.state_laws("FL")
    assert laws.state_laws("fl") == laws.state_laws("FL")
    assert not any(laws.state_laws(f"Nowhere {number}") for number in range(50))
    assert laws._notes_by_state() is laws._notes_by_state(), "one result, whatever was asked"


def test_a_state_of_the_world_is_part_of_the_key() -> None:
    states, calls = ["before"], []

    def read(name: str) -> str:
        calls.append(name)
        return f"{name} {states[0]}"

    remember = cached_by_state(lambda: states[0], 2)(read)
    assert [remember("a"), remember("a")] == ["a before"] * 2
    states[0] = "after"
    assert remember("a") == "a after"
    assert calls == ["a", "a"]
    assert remember("x" * (LONGEST_TEXT + 1)) == remember("x" * (LONGEST_TEXT + 1))
    assert len(calls) == 4, "a long text is not remembered"


def test_no_cache_is_without_a_bound() -> None:
    """Only ``cache.py`` uses ``lru_cache``; ``cache`` stands on functions without arguments, or with finite ones."""
    unbounded, strange = set(), set()
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in {"functools", "weakref"}:
                strange |= {
                    f"{name}: {one.name}" for one in node.names if one.name in {"lru_cache", "WeakKeyDictionary"}
                }
            if not isinstance(node, ast.FunctionDef):
                continue
            decorators = {ast.unparse(one).split("(")[0] for one in node.decorator_list}
            if decorators & {"cache", "functools.cache"} and (node.args.args or node.args.kwonlyargs):
                unbounded.add(f"{name}:{node.name}")
    assert strange == {"cache.py: lru_cache", "cache.py: WeakKeyDictionary"}
    assert unbounded == FINITE.keys()


def test_the_fonts_subsets_go_with_the_font(font: None) -> None:  # noqa: ARG001 - the font has to be there
    from assistant.pdf.filling import subset  # noqa: PLC0415

    embedded_font.fallback.cache_clear()
    first = subset.subset_for(("a", "ễ"))
    assert subset.subset_for(("a", "ễ")) is first
    embedded_font.fallback.cache_clear()
    assert subset.subset_for(("a", "ễ")) is not first


def test_answers_have_contents() -> None:
    one = answers_with({"agency.legal_name": "Example Agency"}, ["TFM"])
    other = answers_with({"agency.legal_name": "Example Agencx"}, ["TFM"])
    assert len({content_key(answers) for answers in (Answers(), one, other)}) == 3
    assert content_key(one) == content_key(replace(one))
