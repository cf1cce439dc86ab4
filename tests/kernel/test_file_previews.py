"""Files seen on a page of ours: thumbnails, PDFs page by page, hostile ones answered with a sentence (04 S9, §3 F)."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from app.kernel import file_opening, file_previews
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Attachment
from app.kernel.audit import AuditEntry
from app.kernel.errors import RuleError
from app.kernel.file_checks import check
from tests.cast import Cast
from tests.kernel import pdfs
from tests.kernel.test_file_checks import picture
from tests.kernel.test_files import kept, own_store, upload  # noqa: F401 - the fixture is used by its name


@pytest.fixture
def given(client_as: Callable[[str], FlaskClient], cast: Cast, session: Any) -> Callable[[bytes, str], int]:
    """given(content, name) → the id of the file that the clerk uploaded to project A."""

    def act(content: bytes, name: str) -> int:
        assert upload(client_as("clerk"), cast.a.id, (content, name)).status_code == 302
        return kept(session)[-1].id

    return act


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as found:
        return found.size


def test_a_pdf_is_turned_page_by_page(given: Any, client_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client, file_id = client_as("supervisor"), given(pdfs.pdf("第一页", "第二页", "第三页"), "合同.pdf")
    shown = client.get(f"/files/{file_id}/view?page=2").text
    assert f'src="/files/{file_id}/page/2"' in shown
    assert "合同.pdf 第 2 页，共 3 页" in shown
    assert 'rel="prev" href="?page=1"' in shown and 'rel="next" href="?page=3"' in shown
    first = client.get(f"/files/{file_id}/page/2")
    assert (first.mimetype, size_of(first.data)[0]) == ("image/png", 1240)
    assert first.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in first.headers["Content-Security-Policy"]
    monkeypatch.setattr(file_previews, "open_in_child", None)
    assert client.get(f"/files/{file_id}/page/2").data == first.data, "drawn once"
    assert (
        client.get(f"/files/{file_id}/page/0").status_code
        == client.get(f"/files/{file_id}/page/501").status_code
        == 404
    )
    assert client.get(f"/files/{file_id}?inline=1").headers["Content-Disposition"].startswith("attachment")


def test_every_page_that_was_looked_at_is_on_the_trail(given: Any, client_as: Any, cast: Cast, session: Any) -> None:
    file_id = given(pdfs.pdf("一", "二"), "合同.pdf")
    client_as("supervisor").get(f"/files/{file_id}/page/2")
    with acting_as(SYSTEM):
        session.rollback()
        line = session.scalars(select(AuditEntry).where(AuditEntry.act == "read")).one()
    assert (line.subject, line.subject_id, line.changes["name"]) == ("project", cast.a.id, "合同.pdf 第 2 页")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pdfs.locked(), "设有打开密码"),
        (pdfs.broken(), "文件已损坏"),
        (pdfs.pdf(*["p"] * 10_000), "只能看前 500 页"),
        (pdfs.pdf("巨", box=(200_000, 200_000)), "第 1 页，共 1 页"),
        (pdfs.pdf("细", box=(3, 200_000)), "第 1 页，共 1 页"),
    ],
    ids=["locked", "broken", "10,000 pages", "huge page", "thin page"],
)
def test_a_hostile_pdf_is_answered_with_a_sentence(given: Any, client_as: Any, content: bytes, words: str) -> None:
    client, file_id = client_as("clerk"), given(content, "怪.pdf")
    answer = client.get(f"/files/{file_id}/view")
    assert (answer.status_code, words in answer.text) == (200, True)
    assert client.get(f"/files/{file_id}").data == content, "it can always be downloaded"
    page = client.get(f"/files/{file_id}/page/1")
    if "页" in words:
        assert max(size_of(page.data)) <= 3600
    else:
        assert (page.status_code, words in page.text) == (422, True)
        assert client.get(f"/files/{file_id}/thumb").status_code == 404


@pytest.mark.parametrize(
    ("content", "words"), [(pdfs.locked(), "设有打开密码"), (pdfs.broken(), "文件已损坏"), (pdfs.pdf("好"), "")]
)
def test_who_brings_a_pdf_that_cannot_be_opened_is_told_why_and_it_is_kept(
    client_as: Any, cast: Cast, content: bytes, words: str
) -> None:
    client, project = client_as("clerk"), cast.a.id
    assert upload(client, project, (content, "合同.pdf")).status_code == 302
    page = client.get(f"/project/show/{project}").text
    assert "已上传 1 件附件" in page
    assert ("这里看不到内容" in page, words in page) == (bool(words), True)


def test_what_takes_too_long_is_stopped_and_said(given: Any, client_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = given(pdfs.pdf("慢"), "慢.pdf")
    monkeypatch.setattr(file_opening, "SECONDS", 0.001)
    assert "太大或太复杂" in client_as("clerk").get(f"/files/{file_id}/view").text


def test_scripts_packed_away_in_a_pdf_are_found() -> None:
    content = pdfs.packed_script()
    assert b"JavaScript" not in content, "the bytes alone do not show it"
    with pytest.raises(RuleError, match="脚本"):
        check("合同.pdf", content)


def test_thumbnails_are_small_and_made_once(given: Any, client_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_as("clerk")
    photo, paper, note = (
        given(picture(size=(1600, 900)), "现场.jpg"),
        given(pdfs.pdf("一"), "合同.pdf"),
        given(b"abc", "说明.txt"),
    )
    for file_id in (photo, paper):
        thumb = client.get(f"/files/{file_id}/thumb")
        assert (thumb.mimetype, max(size_of(thumb.data))) == ("image/jpeg", 320)
    monkeypatch.setattr(file_previews, "open_in_child", None)
    assert client.get(f"/files/{photo}/thumb").status_code == client.get(f"/files/{paper}/thumb").status_code == 200
    assert client.get(f"/files/{note}/thumb").status_code == 404
    assert "请下载后打开" in client.get(f"/files/{note}/view").text


def test_the_record_lists_thumbnails_and_a_gallery(given: Any, client_as: Any, cast: Cast) -> None:
    first, second = given(picture(), "一.jpg"), given(picture("PNG"), "二.png")
    page = client_as("supervisor").get(f"/project/show/{cast.a.id}").text
    for file_id in (first, second):
        assert f'src="/files/{file_id}/thumb"' in page and f'data-full="/files/{file_id}?inline=1"' in page
    assert 'aria-label="下一张"' in page
    shown = client_as("supervisor").get(f"/files/{first}/view").text
    assert f'rel="next" href="/files/{second}/view"' in shown


@pytest.mark.parametrize("part", ["view", "thumb", "page/1", "text"])
@pytest.mark.parametrize("stranger", ["other_clerk", "other_lead", ""])
def test_nothing_of_it_answers_a_stranger(given: Any, app: Flask, client_as: Any, stranger: str, part: str) -> None:
    file_id = given(pdfs.pdf("一"), "合同.pdf")
    assert client_as("clerk").get(f"/files/{file_id}/thumb").status_code == 200, "it is drawn and kept already"
    client = client_as(stranger) if stranger else app.test_client()
    answer, missing = client.get(f"/files/{file_id}/{part}"), client.get(f"/files/99999/{part}")
    assert answer.status_code == missing.status_code == (404 if stranger else 302)
    assert b"JFIF" not in answer.data


def test_a_large_photo_is_shrunk_upright_and_without_its_place() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the phone upright
    exif.get_ifd(0x8825)[2] = (31.0, 12.0, 0.0)
    kept_photo = check("IMG_1.jpg", picture(size=(6000, 4000), exif=exif.tobytes()))
    with Image.open(io.BytesIO(kept_photo.data)) as again:
        assert (again.size, dict(again.getexif())) == ((2667, 4000), {})
    assert size_of(kept_photo.thumb) == (213, 320)


def test_more_dots_than_anybody_needs_are_refused() -> None:
    with pytest.raises(RuleError, match="4000 万像素"):
        check("巨.png", picture("PNG", size=(8000, 5001)))


def test_previews_go_when_nobody_looks_and_with_the_content(
    app: Flask, tmp_path: Path, given: Any, session: Any
) -> None:
    given(picture(), "现场.jpg")
    sha256 = session.scalars(select(Attachment.sha256)).one()
    assert file_previews.found(sha256, file_previews.THUMB)
    assert file_previews.drop_old(session) == 0
    import os

    os.utime(file_previews.folder() / sha256[:2] / sha256, (0, 0))
    assert file_previews.drop_old(session) == 1
    assert file_previews.found(sha256, file_previews.THUMB) is None
