"""Which rows an .xls hides: the reader of cells does not tell, so their marks are looked for in the records of the file themselves.

Imports nothing of the application: it is read into the short-lived process of spreadsheet_child.py. Layouts are those of
[MS-CFB] (the file system inside the file) and [MS-XLS] (the records of a workbook).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOOKS = ("Workbook", "Book")
BOF, EOF, BOUNDSHEET, ROW = 0x0809, 0x000A, 0x0085, 0x0208
NO_HEIGHT = 0x20  # fDyZero of a ROW record: hidden by hand or by a filter
LAST_SECTOR = 0xFFFFFFFA  # numbers from here on are marks, not sectors
HEAD_TABLE = 109  # sectors of the allocation table that the header names
ENTRY = 128


def hidden_rows(data: bytes) -> dict[str, list[int]]:
    """Sheet name → its hidden rows, from 0. A file whose structure is not as described gives nothing; the reader judges it."""
    try:
        book = _stream(data)
        return {name: _hidden_of(book, start) for name, start in _sheets(book)} if book else {}
    except (struct.error, IndexError, UnicodeDecodeError):
        return {}


def _stream(data: bytes) -> bytes:
    """The workbook inside the compound file; streams below the mini size, which no Excel writes, are left alone."""
    shift, tables, first_entry = struct.unpack_from("<H", data, 30)[0], *struct.unpack_from("<II", data, 44)
    size = 1 << shift
    smallest, _mini, _minis, next_table = struct.unpack_from("<IIII", data, 56)
    named = list(struct.unpack_from(f"<{HEAD_TABLE}I", data, 76))
    while next_table < LAST_SECTOR and len(named) < tables:
        more = struct.unpack_from(f"<{size // 4}I", data, (next_table + 1) * size)
        named, next_table = [*named, *more[:-1]], more[-1]
    table = [n for sector in named[:tables] for n in struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)]
    entries = _chain(data, size, table, first_entry)
    for place in range(0, len(entries) - ENTRY + 1, ENTRY):
        length = struct.unpack_from("<H", entries, place + 64)[0]
        start, extent = struct.unpack_from("<II", entries, place + 116)
        if length >= 2 and entries[place : place + length - 2].decode("utf-16-le") in BOOKS and extent >= smallest:
            return _chain(data, size, table, start)[:extent]
    return b""


def _chain(data: bytes, size: int, table: list[int], sector: int) -> bytes:
    """The sectors of one stream in their order; a chain that runs in a circle ends with the file."""
    parts: list[bytes] = []
    while sector < LAST_SECTOR and len(parts) <= len(table):
        parts.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = table[sector]
    return b"".join(parts)


def _records(book: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Kind and body of every record from here to the end of the sheet; charts inside it have ends of their own."""
    depth = 0
    while place + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, place)
        yield kind, book[place + 4 : place + 4 + length]
        depth += (kind == BOF) - (kind == EOF)
        if depth == 0:
            return
        place += 4 + length


def _sheets(book: bytes) -> Iterator[tuple[str, int]]:
    for kind, body in _records(book, 0):
        if kind == BOUNDSHEET:
            start, _state, _type, length, wide = struct.unpack_from("<IBBBB", body)
            name = body[8 : 8 + length * (2 if wide & 1 else 1)]
            yield name.decode("utf-16-le" if wide & 1 else "latin-1"), start


def _hidden_of(book: bytes, start: int) -> list[int]:
    rows = (body for kind, body in _records(book, start) if kind == ROW and len(body) >= 16)
    return [struct.unpack_from("<H", body)[0] for body in rows if body[12] & NO_HEIGHT]
