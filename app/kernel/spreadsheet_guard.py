"""What is this upload really, and is it safe to open? Decided by content, never by name (04 §2.3 «Import guard»)."""

from __future__ import annotations

import io
import zipfile
import zlib

from app.kernel.errors import RuleError

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
MAX_UNZIPPED_BYTES = 60 * 1024 * 1024
MAX_PARTS = 200
MAX_RATIO = 120
# A small part of pure padding squeezes above any honest ratio without harming anyone.
RATIO_APPLIES_ABOVE = 1024 * 1024

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF8_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = b"\x2f\x00"
_FILEPASS_WITHIN = 8
_LOCAL_HEADER_BYTES = 30
_CHUNK = 64 * 1024
_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"


def kind_of(data: bytes) -> str:
    """«xlsx», «xls» or «text» for the bytes of an upload.

    Raises RuleError with the reason in Chinese for empty, oversized, foreign, encrypted, macro and bomb files.
    """
    if not data.strip(b"\x00\r\n\t "):
        raise RuleError("文件是空的，请选择有内容的表格文件。", field="file")
    if len(data) > MAX_UPLOAD_BYTES:
        raise RuleError("文件超过 {limit} MB，请拆分后上传。", field="file", limit=MAX_UPLOAD_BYTES // 1024 // 1024)
    if data.startswith(_ZIP):
        _check_zip(data)
        return "xlsx"
    if data.startswith(_OLE):
        _check_ole(data)
        return "xls"
    _refuse_markup(data)
    return "text"


def _check_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise RuleError("文件已损坏或没有传完整，打不开，请重新保存后上传。", field="file") from error
    if len(parts) > MAX_PARTS:
        raise RuleError("文件内部结构异常（部件超过 {limit} 个），为安全起见不予打开。", field="file", limit=MAX_PARTS)
    names = {part.filename.lower() for part in parts}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in names):
        raise RuleError("文件带有宏，不能导入。" + _SAVE_AS, field="file")
    if "xl/workbook.xml" not in names:
        raise RuleError("这不是 Excel 表格文件。" + _SAVE_AS, field="file")
    if any(part.flag_bits & 0x1 for part in parts):
        raise RuleError("文件设有打开密码，请取消密码后上传。", field="file")
    unzipped = 0
    for part in parts:
        unzipped += _real_size(data, part, MAX_UNZIPPED_BYTES - unzipped)
    if unzipped > RATIO_APPLIES_ABOVE and unzipped > MAX_RATIO * len(data):
        raise _bomb()


def _real_size(data: bytes, part: zipfile.ZipInfo, allowed: int) -> int:
    """Bytes that the part really unpacks to, counted by unpacking: sizes written in a header may lie."""
    start = part.header_offset
    header = data[start : start + _LOCAL_HEADER_BYTES]
    if len(header) < _LOCAL_HEADER_BYTES or not header.startswith(_ZIP):
        raise RuleError("文件已损坏或没有传完整，打不开，请重新保存后上传。", field="file")
    start += _LOCAL_HEADER_BYTES + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        size = len(packed)
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        size = _inflated_size(packed, allowed)
    else:
        raise RuleError("文件用了不支持的压缩方式。" + _SAVE_AS, field="file")
    if size > allowed:
        raise _bomb()
    return size


def _inflated_size(packed: bytes, allowed: int) -> int:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    try:
        while packed and not inflater.eof and size <= allowed:
            size += len(inflater.decompress(packed, _CHUNK))
            packed = inflater.unconsumed_tail
    except zlib.error as error:
        raise RuleError("文件已损坏或没有传完整，打不开，请重新保存后上传。", field="file") from error
    return size


def _bomb() -> RuleError:
    return RuleError("文件展开后过大（压缩炸弹或多余内容过多），为安全起见不予打开。", field="file")


def _check_ole(data: bytes) -> None:
    if _has_ole_entry(data, "EncryptedPackage"):
        raise RuleError("文件设有打开密码，请取消密码后上传。", field="file")
    if not (_has_ole_entry(data, "Workbook") or _has_ole_entry(data, "Book")):
        raise RuleError("这不是 Excel 表格文件。" + _SAVE_AS, field="file")
    if _has_ole_entry(data, "_VBA_PROJECT_CUR") or _has_ole_entry(data, "VBA"):
        raise RuleError("文件带有宏，不能导入。" + _SAVE_AS, field="file")
    if _is_locked_book(data):
        raise RuleError("文件设有打开密码，请取消密码后上传。", field="file")


def _is_locked_book(data: bytes) -> bool:
    """Whether a FILEPASS record stands among the first records of the book: they are never encrypted themselves."""
    at = data.find(_BIFF8_GLOBALS)
    for _ in range(_FILEPASS_WITHIN):
        if at < 0 or at + 4 > len(data):
            return False
        if data[at : at + 2] == _FILEPASS:
            return True
        at += 4 + int.from_bytes(data[at + 2 : at + 4], "little")
    return False


def _has_ole_entry(data: bytes, name: str) -> bool:
    """Whether the compound file has a directory entry of this name: 128-byte slots of name, its length, its type."""
    encoded = name.encode("utf-16-le") + b"\x00\x00"
    at = data.find(encoded)
    while at >= 0:
        length = int.from_bytes(data[at + 64 : at + 66], "little")
        if at % 128 == 0 and length == len(encoded) and data[at + 66 : at + 67] in (b"\x01", b"\x02"):
            return True
        at = data.find(encoded, at + 2)
    return False


def _refuse_markup(data: bytes) -> None:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith(
        (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<script", b"<svg", b"<head", b"<body")
    ):
        raise RuleError("这是网页格式的文件（只是名字像表格）。" + _SAVE_AS, field="file")
    if head.startswith((b"%pdf", b"{\\rtf")):
        raise RuleError("这不是 Excel 表格文件。" + _SAVE_AS, field="file")
