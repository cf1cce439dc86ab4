"""Uploads are judged by content: 04 S9, §3 F. Every bad file is made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from app.kernel.errors import RuleError
from app.kernel.file_checks import OLE, check, clean_name


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, form, **more)
    return out.getvalue()


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def workbook(**more: str) -> bytes:
    return zipped(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>", **more})


def huge_png() -> bytes:
    """A header that promises 60,000 × 60,000 dots."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GOOD = {
    "合同.pdf": PDF, "户型.jpg": picture(), "签字.JPEG": picture(), "图.png": picture("PNG"), "图.webp": picture("WEBP"),
    "房源.xlsx": workbook(), "协议.docx": zipped(**{"[Content_Types].xml": "<T/>", "word/document.xml": "<d/>"}),
    "旧表.xls": OLE + b"\x00" * 600, "旧文.doc": OLE + b"\x00" * 600, "说明.txt": "首付 30%，其余按揭".encode(),
    "名单.csv": "姓名,电话\n王伟,138".encode("gb18030"), "名单16.csv": "姓名,电话".encode("utf-16"),
}  # fmt: skip
HTML, SVG = b"<!DOCTYPE html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
BAD = {
    "页面.html": HTML, "图.svg": SVG, "图.gif": b"GIF89a" + b"\x00" * 40, "包.zip": zipped(a="b"), "程序.exe": b"MZ" + b"\x00" * 99,
    "脚本.js": b"alert(1)", "没有扩展名": PDF, "空.pdf": b"", "照片.heic": b"\x00\x00\x00\x18ftypheic", "a.php": b"<?php",
    "页面.jpg": HTML, "图.jpg": SVG, "图标.png": SVG, "文档.jpg": PDF, "图片.pdf": picture(), "改名.png": picture(), "页面.pdf": HTML,
    "页面.txt": HTML, "图.csv": SVG, "零.txt": b"abc\x00def", "图.txt": picture("PNG"), "坏.txt": b"\xff\xff\xfe\x81\x00",
    "页面.xlsx": HTML, "包.xlsx": zipped(a="b"), "文.xlsx": zipped(**{"[Content_Types].xml": "", "word/document.xml": ""}),
    "宏.xlsx": workbook(**{"xl/vbaProject.bin": "x"}), "嵌入.xlsx": workbook(**{"xl/embeddings/ole.bin": "x"}),
    "越界.xlsx": workbook(**{"../../etc/passwd": "x"}), "旧.xlsx": OLE + b"\x00" * 600, "新.xls": workbook(),
    "旧宏.xls": OLE + "_VBA_PROJECT".encode("utf-16-le") + b"\x00" * 100, "半截.jpg": picture(size=(400, 300))[:300],
    "脚本.pdf": PDF.replace(b"/Type", b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>/Type"),
    "转义.pdf": PDF.replace(b"/Type", b"/S/J#61vaScript/Type"), "启动.pdf": PDF.replace(b"/Type", b"/S/Launch/Type"),
    "半截.pdf": b"%PDF-1.7 no end", "巨图.png": huge_png(), "巨.txt": b"a" * (20 * 1024 * 1024 + 1),
    "炸弹.xlsx": workbook(**{"xl/sheet.xml": "0" * (101 * 1024 * 1024)}),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_a_site_uploads_is_taken(name: str) -> None:
    kept = check(name, GOOD[name])
    assert kept.name == name
    assert kept.data


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_refused_with_its_name(name: str) -> None:
    with pytest.raises(RuleError) as refusal:
        check(name, BAD[name])
    assert name in str(refusal.value)
    assert refusal.value.field == "file"


def test_pictures_lose_their_place_and_what_hangs_behind() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARY-CAMERA"
    exif.get_ifd(0x8825)[2] = (31.0, 12.0, 0.0)
    kept = check("现场.jpg", picture(exif=exif.tobytes()) + b"<script>CANARY-TAIL</script>")
    assert b"CANARY" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as again:
        assert not again.getexif()
        assert again.size == (40, 30)


def test_a_picture_that_is_an_archive_too_comes_back_as_picture_only() -> None:
    kept = check("图.png", picture("PNG") + zipped(a="b"))
    assert not zipfile.is_zipfile(io.BytesIO(kept.data))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("购房合同（最终）.pdf", "购房合同（最终）.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\config.py.pdf", "config.py.pdf"),
        ("C:\\fake\\合同.pdf", "合同.pdf"),
        ("合同\u202efdp.exe.pdf", "合同fdp.exe.pdf"),
        ("a\x00b\r\nX: y.pdf", "abX y.pdf"),
        ('<img src=x onerror="a">.jpg', "img src=x onerror=a.jpg"),
        (".htaccess.txt", "htaccess.txt"),
        ("长" * 300 + ".pdf", "长" * 120 + ".pdf"),
        ("|?*.pdf", "附件.pdf"),
    ],
)
def test_names_keep_their_chinese_and_lose_their_tricks(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize("name", ["价目.xlsx", "协议.docx"])
def test_a_locked_office_file_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(RuleError, match="取消密码"):
        check(name, OLE + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 100)
