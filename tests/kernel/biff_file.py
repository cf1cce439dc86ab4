"""Writes the smallest true .xls (BIFF8 in a compound file) that the import tests need."""

from __future__ import annotations

import struct

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512


def xls(
    rows: list[list[object]],
    *,
    sheet: str = "Sheet1",
    merged: tuple[tuple[int, int, int, int], ...] = (),
    stream: str = "Workbook",
    extra_entry: str = "",
    filepass: bool = False,
    hidden: tuple[int, ...] = (),
) -> bytes:
    """rows of str | float | None as one sheet; merged = (first row, first column, last row, last column), from 0; hidden
    rows have a height of nothing."""
    heights = b"".join(
        _record(0x208, struct.pack("<6HI", r, 0, len(row), 0xFF, 0, 0, 0x120 if r in hidden else 0x100))
        for r, row in enumerate(rows)
    )
    cells = heights + b"".join(
        _cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value is not None
    )
    areas = b"".join(struct.pack("<4H", r1, r2, c1, c2) for r1, c1, r2, c2 in merged)
    page = (
        _bof(0x10) + cells + (_record(0xE5, struct.pack("<H", len(merged)) + areas) if merged else b"") + _record(0x0A)
    )
    name = sheet.encode("utf-16-le")
    front = _bof(0x05) + (_record(0x2F, struct.pack("<3H", 1, 1, 1) + b"\x00" * 48) if filepass else b"")
    bound = 4 + 8 + len(name)
    offset = len(front) + bound + 4
    sheet_entry = _record(0x85, struct.pack("<IBBBB", offset, 0, 0, len(sheet), 1) + name)
    return _compound(front + sheet_entry + _record(0x0A) + page, stream, extra_entry)


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _bof(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _cell(row: int, column: int, value: object) -> bytes:
    head = struct.pack("<3H", row, column, 0)
    if isinstance(value, float):
        return _record(0x203, head + struct.pack("<d", value))
    text = str(value)
    return _record(0x204, head + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = _FREE) -> bytes:
    encoded = name.encode("utf-16-le")
    return (
        encoded.ljust(64, b"\x00")
        + struct.pack("<HBB3I", len(encoded) + 2 if name else 0, kind, 1, _FREE, right, child)
        + b"\x00" * 36
        + struct.pack("<IQ", start, size)
    )


def _compound(book: bytes, stream: str, extra_entry: str) -> bytes:
    """Sector 0: allocation table, 1: directory, from 2 on: the stream (padded past the mini-stream limit)."""
    book = book.ljust(4096, b"\x00")
    book = book.ljust(-(-len(book) // _SECTOR) * _SECTOR, b"\x00")
    count = len(book) // _SECTOR
    table = [_FAT, _END, *range(3, count + 2), _END]
    assert len(table) <= 128
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry(
        stream, 2, _FREE, 2, len(book), 2 if extra_entry else _FREE
    )
    directory += _entry(extra_entry, 1, _FREE, 0, 0) if extra_entry else b"\x00" * 128
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    )
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    fat = struct.pack("<128I", *table, *[_FREE] * (128 - len(table)))
    return header + fat + directory.ljust(_SECTOR, b"\x00") + book
