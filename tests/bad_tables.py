"""Forty files that are no good table, each with the words that refuse it; made here, never stored (04 R10)."""

from __future__ import annotations

import io
import zipfile

import xlsxwriter

from tests.kernel.biff_file import xls
from tests.tables import drawn, table

HEAD = ["名称", "房型", "建筑面积(㎡)", "套内面积"]
GOOD = ["B", "三房两厅两卫", "89.53", "70.12"]


def bomb(parts: int = 1) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        for number in range(parts):
            archive.writestr(f"xl/worksheets/sheet{number + 1}.xml", b" " * (70_000_000 // parts))
    return target.getvalue()


def lying_bomb() -> bytes:
    """A part that says it is small: what counts is what it unpacks to."""
    data = bytearray(bomb())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.rfind(mark)
        data[place + at : place + at + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def far_corner() -> bytes:
    return drawn(lambda _book, page: (page.write(0, 0, "名称"), page.write(1_048_575, 16_383, "x")))


def zipped(names: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return target.getvalue()


def many_sheets() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for number in range(60):
            book.add_worksheet(f"表{number}").write(0, 0, "名称")
    return target.getvalue()


def long_table() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEAD)
        page.write(60_000, 0, "B")
    return target.getvalue()


BAD_FILES = {
    "empty": (b"", "有内容"), "blank": (b" \n\t", "空的"), "png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "不是表格"),
    "pdf": (b"%PDF-1.7\n1 0 obj", "不是 Excel"), "html": (b"<html><table><tr><td>1", "网页格式"),
    "xml": (b'<?xml version="1.0"?><Workbook/>', "网页格式"), "rtf": (b"{\\rtf1 x}", "不是 Excel"),
    "svg": (b"<svg onload=alert(1)>", "网页格式"), "random": (bytes(range(256)) * 40, "不是表格"),
    "word": (zipped({"word/document.xml": b"<x/>"}), "不是 Excel"), "zip": (zipped({"a.txt": b"1"}), "不是 Excel"),
    "slip": (zipped({"../../etc/passwd": b"x", "xl/a": b"y"}), "不是 Excel"),
    "macro": (zipped({"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"m"}), "宏"),
    "cut": (table(HEAD, GOOD)[:-60], "损坏"), "half": (table(HEAD, GOOD)[:600], "损坏"),
    "broken sheet": (zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<broken"}), "损坏"),
    "many parts": (zipped({"xl/workbook.xml": b"<x/>"} | {f"xl/{n}": b"x" for n in range(250)}), "部件"),
    "bomb": (bomb(), "展开后过大"), "far corner": (far_corner(), "展开后过大"),
    "xls password": (xls([["a"]], filepass=True), "密码"), "xls package": (xls([["a"]], extra_entry="EncryptedPackage"), "密码"),
    "xls macro": (xls([["a"]], extra_entry="_VBA_PROJECT_CUR"), "宏"), "doc": (xls([["a"]], stream="WordDocument"), "不是 Excel"),
    "xls cut": (xls([["a"]])[:1600], "损坏"), "no head": (table([1.0, 2.0], [3.0, 4.0]), "没有找到表头"),
    "one word": (table(["说明"]), "没有找到表头"), "nothing in it": (table([]), "没有任何内容"),
    "wide": (table([f"列{n}" for n in range(300)]), "列"), "nul": (b"a,b\x00c\n1,2\n\x01", "不是表格"),
    "deep xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000, "不是 Excel"),
    "bomb in parts": (bomb(9), "展开后过大"), "lying bomb": (lying_bomb(), "展开后过大|损坏"),
    "macro sheet": (zipped({"xl/workbook.xml": b"<x/>", "xl/macrosheets/sheet1.xml": b"m"}), "宏"),
    "many sheets": (many_sheets(), "工作表超过"), "too long": (long_table(), "超过 50000 行|展开后过大"),
    "binary book": (zipped({"xl/workbook.bin": b"x"}), "不是 Excel"), "upper html": (b"\xef\xbb\xbf<HTML><BODY>", "网页格式"),
    "exe": (b"MZ\x90\x00" + bytes(200), "不是表格"), "gzip": (b"\x1f\x8b\x08\x00" + bytes(range(200)), "不是表格"),
    "powerpoint": (zipped({"ppt/presentation.xml": b"<x/>"}), "不是 Excel"),
    "too large": (b"a," * (11 * 1024 * 1024), "太大|20 MB|超过"),
}  # fmt: skip
