"""A PDF of a few lines a page, as an office would print it: enough to be read, turned and searched."""

from __future__ import annotations

from collections.abc import Sequence

SIZE = (595, 842)  # A4 in points
_FONT = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0"
    "/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/FontDescriptor<<"
    "/Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200"
    "/CapHeight 700/StemV 80>>>>]>>"
)


def text_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """The file; the first line of each page is its title."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]/MediaBox[0 0 {SIZE[0]} {SIZE[1]}]>>",
        _FONT,
    ]
    for number, lines in enumerate(pages):
        drawn = "\n".join(_line(place, line) for place, line in enumerate(lines))
        objects.append(f"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 3 0 R>>>>/Contents {5 + 2 * number} 0 R>>")
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
    body, places = "%PDF-1.7\n", list[int]()
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{one} endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return f"{body}{tail}startxref\n{len(body)}\n%%EOF\n".encode("ascii")


def _line(place: int, text: str) -> str:
    size, down = (20, 760) if place == 0 else (12, 720 - 28 * place)
    return f"BT /F1 {size} Tf 70 {down} Td <{text.encode('utf-16-be').hex()}> Tj ET"
