"""What may be uploaded, judged by the content and not by the name (04 S9, §2.3 «Uploads»). Bytes in, bytes out."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype

from app.kernel.errors import RuleError
from app.kernel.file_opening import open_in_child

LARGEST = 20 * 1024 * 1024
AT_ONCE, AT_ONCE_BYTES = 20, 100 * 1024 * 1024  # files and bytes of one upload
FORM_BYTES = 60 * 1024 * 1024  # of a form that takes files: some photos as a phone takes them
MOST_UNZIPPED = 100 * 1024 * 1024
LONGEST_NAME = 120
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp",
    "xlsx": SHEET, "xls": "application/vnd.ms-excel", "docx": WORD, "doc": "application/msword",
    "txt": "text/plain", "csv": "text/csv",
}  # fmt: skip
ACCEPT = ",".join(f".{extension}" for extension in TYPES)
KINDS_SENTENCE = "只能上传 PDF、图片（JPG、PNG、WEBP）、Excel、Word、文本文件"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_MARKUP = re.compile(r"<\s*(script|html|svg|iframe|object|embed|body|img|\?xml|!doctype)", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: cleaned name, true type, content to store."""

    name: str
    mime: str
    data: bytes
    thumb: bytes = b""  # a small JPEG, of pictures
    remark: str = ""  # why it is kept but cannot be shown here


def check(name: str, data: bytes) -> Checked:
    """Judge a file. Pictures come back upright, without EXIF, no side over 4,000 dots. Raises RuleError (field «file») with the reason."""
    name = clean_name(name)
    extension = PurePosixPath(name).suffix.lower().lstrip(".")
    if not data:
        raise RuleError("「{name}」是空文件", field="file", name=name)
    if len(data) > LARGEST:
        raise RuleError("「{name}」超过 20 MB，请压缩后再传", field="file", name=name)
    if extension in ("heic", "heif"):
        raise RuleError(
            "「{name}」是 HEIC 照片，请在手机相机设置中选「兼容性最佳」，或转成 JPG 再传", field="file", name=name
        )
    if extension not in TYPES:
        raise RuleError(KINDS_SENTENCE + "，「{name}」不行", field="file", name=name)
    if TYPES[extension].startswith("image/"):
        form = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}[TYPES[extension]]
        _facts, (kept, thumb) = open_in_child("picture", form, data=data, name=name)
        return Checked(name, TYPES[extension], kept, thumb)
    return Checked(name, TYPES[extension], data, remark=_JUDGES[extension](name, extension, data))


def clean_name(name: str) -> str:
    """The last part of the name, without control and direction marks, leading dots and overlong tails; Chinese stays."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/")).split("/")[-1]
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*\u2028\u2029')
    stem, dot, extension = name.strip().rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem = stem.strip().lstrip(". ")
    return f"{stem[:LONGEST_NAME] or '附件'}{'.' + extension[:10] if extension else ''}"


def _wrong(name: str) -> RuleError:
    return RuleError("「{name}」的内容和扩展名不符，或文件已损坏", field="file", name=name)


def _dangerous(name: str) -> RuleError:
    return RuleError("「{name}」里有脚本、宏或内嵌文件，不能上传", field="file", name=name)


def _pdf(name: str, _extension: str, data: bytes) -> str:
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise _wrong(name)
    if _ACTIVE_PDF.search(re.sub(rb"#([0-9a-fA-F]{2})", lambda m: bytes([int(m[1], 16)]), data)):
        raise _dangerous(name)
    try:
        facts, _parts = open_in_child("pdf", data=data, name=name)
    except RuleError as refusal:  # locked or unreadable here: kept for those who can open it, who brings it is told
        return str(refusal)
    if facts["active"]:  # packed away in an object stream
        raise _dangerous(name)
    return ""


def _office(name: str, extension: str, data: bytes) -> str:
    """A zip with the parts of a workbook or document, without macros and without a bomb."""
    if data.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise RuleError(
            "「{name}」设有打开密码，系统读不了；请在 Office 里取消密码，另存后再传", field="file", name=name
        )
    needed = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}[extension]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = parts.namelist()
            unzipped = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _wrong(name) from error
    if needed not in names or "[Content_Types].xml" not in names or len(names) > 2000:
        raise _wrong(name)
    if unzipped > MOST_UNZIPPED:
        raise RuleError("「{name}」解压后太大", field="file", name=name)
    if any("vbaproject" in part.lower() or "/embeddings/" in part.lower() or ".." in part for part in names):
        raise _dangerous(name)
    return ""


def _old_office(name: str, _extension: str, data: bytes) -> str:
    if not data.startswith(OLE):
        raise _wrong(name)
    if "_VBA_PROJECT".encode("utf-16-le") in data or "Macros".encode("utf-16-le") in data:
        raise _dangerous(name)
    return ""


def _text(name: str, _extension: str, data: bytes) -> str:
    """UTF-8 or GB18030 (UTF-16 with its mark), without NUL and without markup."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codes: tuple[str, ...] = ("utf-16",)
    else:
        codes = ("utf-8-sig", "gb18030")
    if filetype.guess(data) is not None:
        raise _wrong(name)
    for code in codes:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise _wrong(name)
        if _MARKUP.search(text[:100_000]):
            raise _dangerous(name)
        return ""
    raise _wrong(name)


_JUDGES: dict[str, Callable[[str, str, bytes], str]] = {
    "pdf": _pdf, "xlsx": _office, "docx": _office, "xls": _old_office, "doc": _old_office, "txt": _text, "csv": _text,
}  # fmt: skip
