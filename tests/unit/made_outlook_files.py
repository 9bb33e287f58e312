"""Write .msg files as Outlook does: an OLE file, version 3, with every stream in sectors of its own."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECTOR, SHORTEST = 512, 4096
FREE, END, FAT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
Tree = dict[str, "bytes | Tree"]


def text(value: str) -> bytes:
    return value.encode("utf-16-le")


def outlook_file(
    *,
    properties: Mapping[str, bytes],
    recipients: Sequence[str] = (),
    attachments: Sequence[tuple[str, bytes]] = (),
    sent: datetime | None = None,
    flags: int = 0,
) -> bytes:
    """Return a .msg file; ``properties`` are streams by property and type: "0037001F" is the subject."""
    tree: Tree = {f"__substg1.0_{name}": data for name, data in properties.items()}
    times = b""
    if sent:
        ticks = round((sent - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10_000_000)
        times = struct.pack("<HHIQ", 0x0040, 0x0039, 6, ticks)
    if flags:
        times += struct.pack("<HHIQ", 0x0003, 0x0E07, 6, flags)
    tree["__properties_version1.0"] = bytes(32) + times
    for number, address in enumerate(recipients):
        tree[f"__recip_version1.0_#{number:08X}"] = {"__substg1.0_39FE001F": text(address)}
    for number, (name, data) in enumerate(attachments):
        folder: Tree = {"__substg1.0_3707001F": text(name), "__substg1.0_37010102": data}
        tree[f"__attach_version1.0_#{number:08X}"] = folder
    return ole_file(tree)


def ole_file(tree: Tree) -> bytes:
    """Return an OLE file with these streams and folders; each folder's entries are a chain to the right.

    A stream under 4,096 bytes would go into the file's small stream, so each is padded with zeros.
    """
    entries: list[list[object]] = [["Root Entry", 5, NONE, NONE, b""]]
    _add(entries, 0, tree)
    sectors: list[bytes] = []
    chains: list[list[int]] = []

    def place(data: bytes) -> int:
        if not data:
            return END
        first = len(sectors)
        sectors.extend(data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR))
        chains.append([*range(first, len(sectors))])
        return first

    rows = []
    for name, kind, right, child, data in entries:
        content = bytes(data)  # type: ignore[call-overload]  # a list of mixed values
        content = content.ljust(SHORTEST, b"\0") if kind == 2 else b""
        encoded = (str(name) + "\0").encode("utf-16-le")
        first = place(content)
        row = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, NONE, right, child)
        rows.append(row + bytes(36) + struct.pack("<IQ", first, len(content)))
    while len(rows) % 4:
        rows.append(bytes(66) + struct.pack("<BBIII", 0, 0, NONE, NONE, NONE) + bytes(48))
    directory = place(b"".join(rows))
    fat_sectors = 1
    while (len(sectors) + fat_sectors) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    fat = [FREE] * (fat_sectors * SECTOR // 4)
    for chain in chains:
        for one, after in zip(chain, [*chain[1:], END], strict=True):
            fat[one] = after
    at = len(sectors)
    for number in range(fat_sectors):
        fat[at + number] = FAT
    sectors.extend(
        struct.pack(f"<{SECTOR // 4}I", *fat[n * SECTOR // 4 : (n + 1) * SECTOR // 4]) for n in range(fat_sectors)
    )
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fat_sectors, directory, 0, SHORTEST, END, 0, END, 0)
    places = [*range(at, at + fat_sectors)]
    head += struct.pack("<109I", *places, *[FREE] * (109 - len(places)))
    return head + b"".join(sectors)


def _add(entries: list[list[object]], parent: int, tree: Tree) -> None:
    before = None
    for name, value in tree.items():
        number = len(entries)
        is_folder = isinstance(value, dict)
        entries.append([name, 1 if is_folder else 2, NONE, NONE, b"" if is_folder else value])
        if before is None:
            entries[parent][3] = number
        else:
            entries[before][2] = number
        before = number
        if isinstance(value, dict):
            _add(entries, number, value)
