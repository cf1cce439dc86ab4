"""Runs alone in a short-lived process: a file on stdin, what was made of it on stdout (04 §2.3 «Uploads», 03 §3.3.14).

It imports nothing of the application, so that it starts fast and a hostile file meets as little code as possible.
Called as `file_child.py OPERATION ARGUMENT…`. Answers one line of JSON, {"sizes": [n, m], …} or {"refused": code}, then the
made parts of n and m bytes.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 4000  # an A4 page scanned at 300 dpi stays as it is
THUMB_SIDE = 320
PAGE_WIDTH, PAGE_HEIGHT = 1240, 3600  # dots; A4 at 150 dpi
MOST_TEXT = 200_000  # characters of one file that are searched
MOST_TEXT_PAGES = 2000
MOST_PART = 60 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Answer = tuple[dict[str, Any], tuple[bytes, ...]]


class Refused(Exception):
    """The argument is the code that the caller has a sentence for."""


def _saved(picture: Any, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, format=form, quality=88)
    return out.getvalue()


def _small(picture: Any, side: int) -> bytes:
    """A JPEG on white, no side longer than `side`."""
    from PIL import Image

    layers = picture.convert("RGBA")
    layers.thumbnail((side, side))
    ground = Image.new("RGB", layers.size, "white")
    ground.paste(layers, mask=layers)
    return _saved(ground, "JPEG")


def picture(data: bytes, form: str) -> Answer:
    """Decoded and encoded again, upright, without EXIF and without what hangs behind, shrunk when large; and its thumbnail."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # our own bound has its own sentence
    try:
        with Image.open(io.BytesIO(data), formats=[form]) as given:
            if given.width * given.height > MOST_PIXELS:
                raise Refused("pixels")
            turned = ImageOps.exif_transpose(given)
            large = max(turned.size) > LONGEST_SIDE
            if large and turned.mode not in ("RGB", "L"):
                turned = turned.convert("RGBA")
            if large:
                turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            if form == "JPEG" and turned.mode not in ("RGB", "L"):
                turned = turned.convert("RGB")
            turned.info.clear()
            kept = _saved(turned, form)
            return {"width": turned.width, "height": turned.height}, (kept, _small(turned, THUMB_SIDE))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused("broken") from error


def thumb(data: bytes) -> Answer:
    """The thumbnail of a kept picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as given:
            return {}, (_small(given, THUMB_SIDE),)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused("broken") from error


def _pdf(data: bytes) -> Any:
    import pypdfium2

    try:
        book = pypdfium2.PdfDocument(data)
        if not len(book):
            raise Refused("broken")
    except pypdfium2.PdfiumError as error:
        code = "password" if getattr(error, "err_code", 0) == pypdfium2.raw.FPDF_ERR_PASSWORD else "broken"
        raise Refused(code) from error
    return book


def pdf(data: bytes) -> Answer:
    """How many pages, and whether anything active is inside that the bytes alone do not show."""
    import pypdfium2

    book = _pdf(data)
    scripts = pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(book)
    return {"pages": len(book), "active": scripts > 0 or book.count_attachments() > 0}, ()


def page(data: bytes, number: str, width: str) -> Answer:
    """One page, counted from 1, as PNG."""
    import pypdfium2

    book, index = _pdf(data), int(number) - 1
    if not 0 <= index < len(book):
        raise Refused("page")
    book.init_forms()  # what was filled in is drawn; this build of the library runs no scripts
    try:
        sheet = book[index]
        wide, high = sheet.get_size()
        if wide < 1 or high < 1:
            raise Refused("broken")
        scale = min(int(width) / wide, PAGE_HEIGHT * int(width) / PAGE_WIDTH / high, 8)
        drawn = sheet.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise Refused("broken") from error
    return {"pages": len(book)}, (_saved(drawn, "PNG"),)


def _cut(pieces: Iterable[str], **facts: Any) -> Answer:
    """As much of the pieces, one a line, as is searched."""
    kept, room = list[str](), MOST_TEXT
    for piece in pieces:
        kept.append(piece[:room])
        room -= len(piece) + 1
        if room <= 0:
            return {**facts, "cut": True}, ("\n".join(kept).encode("utf-8", "replace"),)
    return {**facts, "cut": False}, ("\n".join(kept).encode("utf-8", "replace"),)


def pdf_text(data: bytes) -> Answer:
    """The text of a PDF, page by page."""
    book = _pdf(data)
    pages = (book[i].get_textpage().get_text_range() for i in range(min(len(book), MOST_TEXT_PAGES)))
    facts, parts = _cut(pages, pages=len(book))
    return {**facts, "cut": facts["cut"] or len(book) > MOST_TEXT_PAGES}, parts


def _paragraphs(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = sorted(n for n in parts.namelist() if n.startswith("word/") and n.count("/") == 1)
        for name in names:
            if not name.startswith(("word/document", "word/header", "word/footer", "word/footnotes")):
                continue
            with parts.open(name) as part:
                body = part.read(MOST_PART + 1)
            if len(body) > MOST_PART:
                raise Refused("heavy")
            whole = ElementTree.fromstring(body)  # noqa: S314 - expat stops entity bombs, this process is bounded
            for paragraph in whole.iter(f"{_W}p"):
                yield "".join(run.text or "" for run in paragraph.iter(f"{_W}t"))


def word_text(data: bytes) -> Answer:
    """The paragraphs of a .docx."""
    try:
        return _cut(text for text in _paragraphs(data) if text)
    except (zipfile.BadZipFile, ElementTree.ParseError, OSError, ValueError) as error:
        raise Refused("broken") from error


def sheet_text(data: bytes) -> Answer:
    """The filled cells of a workbook, a row a line."""
    import python_calamine as calamine

    def rows() -> Iterator[str]:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            for name in book.sheet_names:
                yield name
                for row in book.get_sheet_by_name(name).iter_rows():
                    filled = [str(cell) for cell in row if cell != ""]
                    if filled:
                        yield " ".join(filled)

    try:
        return _cut(rows())
    except calamine.PasswordError as error:
        raise Refused("password") from error
    except calamine.CalamineError as error:
        raise Refused("broken") from error


def plain_text(data: bytes) -> Answer:
    """UTF-16 with its mark, UTF-8 or GB18030."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for code in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return _cut(data.decode(code).splitlines())
        except UnicodeDecodeError:
            continue
    raise Refused("broken")


OPERATIONS: dict[str, Any] = {
    "picture": picture, "thumb": thumb, "pdf": pdf, "page": page, "pdf_text": pdf_text, "word_text": word_text,
    "sheet_text": sheet_text, "plain_text": plain_text,
}  # fmt: skip


def main() -> None:
    """Bound this process first, then open the file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    operation, arguments = OPERATIONS[sys.argv[1]], sys.argv[2:]
    try:
        facts, parts = operation(sys.stdin.buffer.read(), *arguments)
    except Refused as refusal:
        facts, parts = {"refused": str(refusal)}, ()
    head = json.dumps({**facts, "sizes": [len(part) for part in parts]})
    sys.stdout.buffer.write(head.encode() + b"\n" + b"".join(parts))


if __name__ == "__main__":
    main()
