"""PDF files for the tests, each written here byte by byte."""

from __future__ import annotations

import struct
import zlib


def pdf(*pages: str, box: tuple[int, int] = (595, 842), catalog: str = "", trailer: str = "") -> bytes:
    """A whole PDF; every page shows one line of text (Chinese too)."""
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0"
        "/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor<</Type/FontDescriptor"
        "/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>>>]>>"
    )
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]/MediaBox[0 0 {box[0]} {box[1]}]>>".encode(),
        font.encode(),
    ]
    for i, line in enumerate(pages):
        drawn = f"BT /F1 24 Tf 60 {box[1] // 2} Td <{line.encode('utf-16-be').hex()}> Tj ET".encode()
        objects.append(f"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 3 0 R>>>>/Contents {5 + 2 * i} 0 R>>".encode())
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        out
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n"
        ).encode()
    )


def locked() -> bytes:
    """One that asks for a password nobody knows."""
    lock = f"<</Filter/Standard/V 1/R 2/O<{'41' * 32}>/U<{'42' * 32}>/P -4>>"
    return pdf("secret", trailer=f"/Encrypt {lock}/ID[<{'00' * 16}><{'00' * 16}>]")


def broken() -> bytes:
    """Begins and ends like one."""
    return b"%PDF-1.7\n" + b"\x00nothing of it\n" * 50 + b"%%EOF\n"


def packed_script() -> bytes:
    """JavaScript of the document whose every word lies in a compressed object stream."""
    inner = {
        1: "<</Type/Catalog/Pages 2 0 R/Names<</JavaScript<</Names[(a) 4 0 R]>>>>>>",
        2: "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        4: "<</S/JavaScript/JS(app.alert\\(1\\))>>",
    }
    heads, bodies = [], ""
    for number, body in inner.items():
        heads.append(f"{number} {len(bodies)}")
        bodies += body + " "
    first = " ".join(heads) + " "
    packed = zlib.compress((first + bodies).encode())
    out = b"%PDF-1.5\n"
    at_stream = len(out)
    out += b"5 0 obj<</Type/ObjStm/N 4/First %d/Length %d/Filter/FlateDecode>>stream\n" % (len(first), len(packed))
    out += packed + b"\nendstream endobj\n"
    at_table = len(out)
    rows = [(0, 0, 65535), *((2, 5, i) for i in range(4)), (1, at_stream, 0), (1, at_table, 0)]
    table = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
    out += b"6 0 obj<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d/Filter/FlateDecode>>stream\n" % len(table)
    return out + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % at_table
