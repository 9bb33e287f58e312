"""Hostile files, made by code, each with what is wrong with it in its name; a reader has to refuse or survive them."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from tests.hostile.made import CATALOG, FIELD, OBJECTS, PAGE, body, hybrid, pdf, stream, table

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1_000_000


def flate(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode" + entries)


def with_catalog(entries: bytes) -> bytes:
    """Return the file with something more in its catalogue."""
    return pdf({1: CATALOG[:-2] + entries + b">>"})


def xref_stream(rows: bytes, entries: bytes, objects: dict[int, bytes] | None = None) -> bytes:
    """Return a file whose only cross-reference section is a stream."""
    data, _ = body(objects or OBJECTS)
    at = len(data)
    head = b"/Type/XRef/Root 1 0 R" + entries
    return data + b"9 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (flate(rows, head), at)


def packed(container: bytes, entries: bytes, places: dict[int, tuple[int, int, int]] | None = None) -> bytes:
    """Return a file that keeps its field in an object stream with this content."""
    shown = {number: text for number, text in OBJECTS.items() if number != 4}
    data, found = body({**shown, 8: flate(container, b"/Type/ObjStm" + entries)})
    rows = {number: (1, at, 0) for number, at in found.items()} | {4: (2, 8, 0)} | (places or {})
    at = len(data)
    packed_rows = b"".join(
        bytes([kind]) + second.to_bytes(4, "big") + third.to_bytes(2, "big")
        for kind, second, third in (rows.get(number, (0, 0, 0)) for number in range(12))
    )
    head = b"/Type/XRef/W[1 4 2]/Size 12/Root 1 0 R"
    return data + b"11 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(packed_rows, head), at)


def flate_bomb() -> bytes:
    return packed(b" " * (300 * MEGABYTE), b"/N 1/First 4")


def nested_bomb() -> bytes:
    bomb = zlib.compress(zlib.compress(b"\0" * (200 * MEGABYTE), 9), 9)
    data, places = body({**OBJECTS, 6: stream(bomb, b"/Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]")})
    return data + table(places, b"/Root 1 0 R/Size 20/Encrypt 6 0 R", len(data))


def xref_bomb() -> bytes:
    return xref_stream(b"\0" * (250 * MEGABYTE), b"/W[1 2 1]/Size 50000000")


def predictor_bomb() -> bytes:
    rows = b"\4" * (60 * MEGABYTE)
    return xref_stream(rows, b"/W[1 2 1]/Size 9/DecodeParms<</Predictor 15/Columns 50000000>>")


def object_stream_in_itself() -> bytes:
    return packed(b"4 0 " + FIELD, b"/N 1/First 4", {8: (2, 8, 0)})


def object_streams_in_a_circle() -> bytes:
    return packed(b"4 0 " + FIELD, b"/N 1/First 4", {8: (2, 10, 0), 10: (2, 8, 0)})


def overlapping_object_streams() -> bytes:
    heads = b" ".join(b"%d %d" % (number, 0) for number in range(4, 900))
    return packed(heads + b" " + FIELD, b"/N 896/First %d" % (len(heads) + 1))


def object_stream_longer_than_its_data() -> bytes:
    return packed(b"4 0 " + FIELD, b"/N 999999999/First 99999999")


def negative_object_stream() -> bytes:
    return packed(b"4 -9 " + FIELD, b"/N -1/First -4")


def prev_loop() -> bytes:
    data, places = body(OBJECTS)
    return data + table(places, b"/Root 1 0 R/Size 20/Prev %d" % len(data), len(data))


def prev_chain_without_end() -> bytes:
    data, places = body(OBJECTS)
    before = len(data)
    data += table(places, b"/Root 1 0 R/Size 20", before)
    for _ in range(3_000):
        at = len(data)
        data += table({}, b"/Root 1 0 R/Size 20/Prev %d" % before, at)
        before = at
    return data


def page_tree_loop() -> bytes:
    return pdf({2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"})


def page_tree_of_one_page_many_times() -> bytes:
    return pdf({2: b"<</Type/Pages/Kids[%s]/Count 1>>" % (b"3 0 R " * 5_000)})


def deep_page_tree() -> bytes:
    chain = {n: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 1) for n in range(20, 500)}
    return pdf({2: b"<</Type/Pages/Kids[20 0 R]/Count 1>>", **chain, 500: PAGE})


def field_tree_loop() -> bytes:
    return pdf({4: b"<</FT/Tx/T(a)/Kids[4 0 R]>>"})


def deep_field_tree() -> bytes:
    chain = {n: b"<</T(a)/Kids[%d 0 R]>>" % (n + 1) for n in range(20, 3_000)}
    return pdf({4: b"<</FT/Tx/T(a)/Kids[20 0 R]>>", **chain, 3_000: FIELD})


def reference_loop() -> bytes:
    return pdf({4: b"6 0 R", 6: b"7 0 R", 7: b"6 0 R"})


def length_that_is_its_own_stream() -> bytes:
    return pdf({4: b"<</Length 4 0 R>>\nstream\nx\nendstream"})


def huge_size() -> bytes:
    return pdf(trailer=b"/Root 1 0 R/Size 99999999999999999999")


def huge_section() -> bytes:
    data, _ = body(OBJECTS)
    end = b"xref\n0 9999999999\n0000000000 65535 f \ntrailer\n<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(data)
    return data + end


def wrong_startxref() -> bytes:
    return pdf(startxref=77)


def startxref_behind_the_end() -> bytes:
    return pdf(startxref=99_999_999)


def truncated() -> bytes:
    return pdf()[:400]


def xref_that_points_elsewhere() -> bytes:
    data, places = body(OBJECTS)
    swapped = {**places, 1: places[3], 3: places[1]}
    return data + table(swapped, b"/Root 1 0 R/Size 20", len(data))


def deep_arrays() -> bytes:
    return with_catalog(b"/X" + b"[" * 50_000)


def deep_dictionaries() -> bytes:
    return with_catalog(b"/X" + b"<</A" * 50_000)


def deep_string() -> bytes:
    return with_catalog(b"/X(" + b"(" * MEGABYTE)


def giant_string() -> bytes:
    return pdf({4: FIELD.replace(b"(name)", b"(" + b"n" * (20 * MEGABYTE) + b")")})


def giant_name() -> bytes:
    return with_catalog(b"/" + b"#41" * MEGABYTE + b" 1")


def giant_number() -> bytes:
    return with_catalog(b"/X " + b"9" * MEGABYTE + b" /Y " + b"1" * 500_000 + b"x")


def spaces_before_nothing() -> bytes:
    return with_catalog(b"/X" + b" " * MEGABYTE + b"%" * MEGABYTE + b")")


def negative_length() -> bytes:
    return pdf({5: b"<</Length -5>>\nstream\nx\nendstream"})


def length_behind_the_end() -> bytes:
    return pdf({5: b"<</Length 999999999>>\nstream\nx"})


def javascript() -> bytes:
    return with_catalog(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")


def launch() -> bytes:
    return with_catalog(b"/OpenAction<</S/Launch/F(cmd.exe)>>")


def embedded_file() -> bytes:
    return with_catalog(b"/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a.exe)>>]>>>>")


def xfa() -> bytes:
    return pdf({1: CATALOG.replace(b"/Fields", b"/XFA 6 0 R/Fields"), 6: stream(b"<xdp/>")})


def field_with_wrong_types() -> bytes:
    wrong = b"<</Subtype/Widget/FT[1]/T 5/F(x)/Rect[0 0 (a) 1]/Q/x/MaxLen(y)/Ff<<>>/DA 7/MK 8/P 9 0 R>>"
    return pdf({4: wrong})


def field_of_impossible_numbers() -> bytes:
    return pdf({4: FIELD.replace(b"[20 100 220 120]", b"[-1e9 -%s 99999999999 .5]" % (b"9" * 300))})


def page_without_size() -> bytes:
    return pdf({3: PAGE.replace(b"[0 0 300 200]", b"[0 0 0 0]")})


def hidden_section_in_a_circle() -> bytes:
    data = hybrid({4: FIELD}, listed=True)
    at = data.rindex(b"startxref\n") + 10
    return data.replace(b"/XRefStm", b"/XRefStm %s/A" % data[at:].split()[0])


def encrypted_with_nonsense() -> bytes:
    return pdf(trailer=b"/Root 1 0 R/Size 20/Encrypt<</Filter/Standard/V 5/R 6/O(x)/U(y)/OE(z)/UE(z)/P -4/Perms(q)>>")


def encryption_of_itself() -> bytes:
    return pdf(trailer=b"/Root 1 0 R/Size 20/Encrypt 6 0 R")


def comments_only() -> bytes:
    return b"%PDF-1.7\n" + b"%x\n" * MEGABYTE + b"startxref\n9\n%%EOF"


def many_annotations() -> bytes:
    return pdf({3: PAGE.replace(b"/Annots[4 0 R]", b"/Annots[%s]" % (b"4 0 R " * 200_000))})


HOSTILE: dict[str, Callable[[], bytes]] = {
    made.__name__: made
    for made in (
        flate_bomb, nested_bomb, xref_bomb, predictor_bomb, object_stream_in_itself, object_streams_in_a_circle,
        overlapping_object_streams, object_stream_longer_than_its_data, negative_object_stream, prev_loop,
        prev_chain_without_end, page_tree_loop, page_tree_of_one_page_many_times, deep_page_tree, field_tree_loop,
        deep_field_tree, reference_loop, length_that_is_its_own_stream, huge_size, huge_section, wrong_startxref,
        startxref_behind_the_end, truncated, xref_that_points_elsewhere, deep_arrays, deep_dictionaries, deep_string,
        giant_string, giant_name, giant_number, spaces_before_nothing, negative_length, length_behind_the_end,
        javascript, launch, embedded_file, xfa, field_with_wrong_types, field_of_impossible_numbers,
        page_without_size, hidden_section_in_a_circle, encrypted_with_nonsense, encryption_of_itself, comments_only,
        many_annotations,
    )
}  # fmt: skip
