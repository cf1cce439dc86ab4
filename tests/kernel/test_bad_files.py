"""04 S9 over HTTP: bad files are refused by name or served as attachment with their true type; nothing leaves the store."""

from __future__ import annotations

import gc
import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.kernel.attachments import Attachment, store
from tests.cast import Cast
from tests.kernel import pdfs
from tests.kernel.test_file_checks import BAD, HTML, PDF, SVG, picture, workbook, zipped
from tests.kernel.test_files import own_store, upload  # noqa: F401 - the fixture is used by its name

TRUE = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "txt": "text/plain", "csv": "text/csv"}
MORE = {
    "合同.pdf.exe": b"MZ", "合同.exe.pdf": b"MZ" + b"\x00" * 99, "图.jpg.html": HTML, "图.php.jpg": b"<?php system(1)",
    "动.gif": b"GIF89a" + zipped(a="b"), "动.jpg": b"GIF89a" + zipped(a="b"), "压缩.docx": zipped(**{"../../x": "y"}),
    "加密.pdf": pdfs.packed_script(), "链接.lnk": b"L\x00\x00\x00", "网页.mht": HTML, "样式.xhtml": HTML, "表.xlsm": workbook(),
    "模板.dotm": workbook(), "图.bmp": b"BM" + b"\x00" * 60, "图.tiff": b"II*\x00", "视频.mp4": b"\x00\x00\x00\x18ftypmp42",
    "包.rar": b"Rar!\x1a\x07", "包.7z": b"7z\xbc\xaf", "页.htm.txt": HTML, "矢量.txt": SVG, "宽字.txt": HTML.decode().encode("utf-16"),
    "头.png": b"\x89PNG\r\n\x1a\n", "空格.jpg ": HTML, "点.": PDF, "..": PDF, "图.JPG\x00.html": HTML,
}  # fmt: skip
ODD_NAMES = {
    "合同\u202efdp.exe.jpg": "合同fdp.exe.jpg", "CON.jpg": "CON.jpg", "..%2f..%2fconfig.py.jpg": "%2f..%2fconfig.py.jpg",
    "../../../etc/cron.d/x.jpg": "x.jpg", "/etc/passwd.jpg": "passwd.jpg",
    "长" * 300 + ".jpg": "长" * 120 + ".jpg", ".htaccess.jpg": "htaccess.jpg", "a;filename=b.html.jpg": "a;filename=b.html.jpg",
    "换行\r\nX-Bad: 1.jpg": "换行%0D%0AX-Bad 1.jpg", "引号\"';.jpg": "引号';.jpg", "<b>粗</b>.jpg": "b.jpg",
}  # fmt: skip


def rows(session: Any) -> list[Attachment]:
    session.rollback()
    return list(session.scalars(select(Attachment).order_by(Attachment.id)))


def test_every_bad_file_is_refused_or_inert(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any, tmp_path: Path
) -> None:
    client, files = client_as("clerk"), {k: v for k, v in (BAD | MORE).items() if len(v) < 20 * 1024 * 1024}
    assert len(files) >= 60
    before, faults = {p for p in tmp_path.rglob("*") if p.is_file()}, []
    for name, content in files.items():
        count = len(rows(session))
        answer = upload(client, cast.a.id, (content, name))
        kept = rows(session)[count:]
        if answer.status_code == 422 and not kept:
            continue
        if answer.status_code != 302 or len(kept) != 1:
            faults.append(f"{name}: {answer.status_code}, {len(kept)} rows")
            continue
        served = client.get(f"/files/{kept[0].id}?inline=1")
        true = TRUE.get(kept[0].name.rsplit(".", 1)[-1].lower(), "")
        inside = served.headers["Content-Disposition"].startswith("inline") and not served.mimetype.startswith("image/")
        if inside or served.mimetype != true or served.headers["X-Content-Type-Options"] != "nosniff":
            faults.append(f"{name}: served as {served.mimetype}, {served.headers['Content-Disposition']}")
        if content in (HTML, SVG) and served.data == content:
            faults.append(f"{name}: markup is served")
    assert not faults, "\n".join(faults)
    stray = {p for p in tmp_path.rglob("*") if p.is_file()} - before
    assert {p.parts[len(tmp_path.parts)] for p in stray} <= {"files", "previews"}, "nothing outside the store"


@pytest.mark.parametrize("name", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_an_odd_name_is_a_name_and_no_place(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any, name: str
) -> None:
    client, photo = client_as("clerk"), io.BytesIO(picture())
    boundary = "x" * 20
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_quoted(name)}"\r\n\r\n'.encode()
    body = head + photo.getvalue() + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    assert client.post(f"/files/project/{cast.a.id}", data=body, content_type=kind).status_code == 302
    row = rows(session)[0]
    assert row.name == ODD_NAMES[name]
    header = client.get(f"/files/{row.id}").headers["Content-Disposition"]
    assert "\r" not in header and "\n" not in header and "\u202e" not in unquote(header)
    assert {p.parent.parent for p in store().folder.rglob("*") if p.is_file()} == {store().folder}
    page = client.get(f"/project/show/{cast.a.id}").text
    assert "<b>粗" not in page


def _quoted(name: str) -> str:
    """As browsers write a name into the head of a part."""
    return (
        name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22") if "\r" in name else name.replace('"', '\\"')
    )


def test_two_people_one_name_and_one_content(client_as: Callable[[str], FlaskClient], cast: Cast, session: Any) -> None:
    upload(client_as("clerk"), cast.a.id, (PDF, "合同.pdf"), (PDF + b"\n%%EOF", "合同.pdf"))
    upload(client_as("supervisor"), cast.a.id, (PDF, "合同.pdf"))
    first, second, third = rows(session)
    assert (first.sha256, first.sha256 == second.sha256) == (third.sha256, False)


def test_half_an_upload_leaves_nothing(
    app: Flask, client_as: Callable[[str], FlaskClient], cast: Cast, session: Any
) -> None:
    client = client_as("clerk")
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + picture()[:300]
    kind, length = "multipart/form-data; boundary=b", str(len(body) * 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Werkzeug leaves the half of the file to the collector
        answer = client.post(
            f"/files/project/{cast.a.id}", data=body, content_type=kind, headers={"Content-Length": length}
        )
        gc.collect()
    assert answer.status_code in (400, 422)
    assert rows(session) == [] and list(store().every()) == []
