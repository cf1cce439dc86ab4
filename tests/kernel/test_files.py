"""A file answers only to someone who may see its record: 04 S9, S7, §3 D."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.kernel import attachments
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Attachment, faults, store
from app.kernel.audit import AuditEntry
from app.kernel.large_bodies import LARGE
from tests.cast import Cast
from tests.kernel.test_file_checks import PDF, picture


@pytest.fixture(autouse=True)
def own_store(app: Flask, tmp_path: Path) -> Any:
    before, app.config["UPLOAD_FOLDER"] = app.config["UPLOAD_FOLDER"], str(tmp_path / "files")
    yield
    app.config["UPLOAD_FOLDER"] = before


def upload(client: FlaskClient, owner: Any, *files: tuple[bytes, str], **more: str) -> Any:
    given = [(io.BytesIO(data), name) for data, name in files]
    return client.post(f"/files/project/{owner}", data={"file": given, **more}, content_type="multipart/form-data")


def kept(session: Any) -> list[Attachment]:
    session.rollback()
    return list(session.scalars(select(Attachment).order_by(Attachment.id)))


def test_a_chinese_name_comes_back_and_the_trail_knows(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any
) -> None:
    client, project = client_as("clerk"), cast.a.id
    assert upload(client, project, (PDF, "购房合同（最终）.pdf"), (picture(), "现场.jpg")).status_code == 302
    first, second = kept(session)
    assert (first.name, first.uploaded_name, first.project_id) == ("购房合同（最终）.pdf", "方芳", project)
    answer = client.get(f"/files/{first.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "%E8%B4%AD%E6%88%BF%E5%90%88%E5%90%8C" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/files/{second.id}?inline=1").headers["Content-Disposition"].startswith("inline;")
    with acting_as(SYSTEM):
        lines = list(session.scalars(select(AuditEntry).where(AuditEntry.act == "download")))
    assert [line.person_name for line in lines] == ["方芳", "方芳"]


@pytest.mark.parametrize("stranger", ["other_clerk", "other_lead", "other_consultant"])
def test_another_project_finds_nothing(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any, stranger: str
) -> None:
    upload(client_as("clerk"), cast.a.id, (PDF, "合同.pdf"))
    file_id, client = kept(session)[0].id, client_as(stranger)
    foreign, missing = client.get(f"/files/{file_id}"), client.get("/files/99999")
    assert foreign.status_code == missing.status_code == 404
    assert upload(client, cast.a.id, (PDF, "塞进来.pdf")).status_code == 404
    assert client.post(f"/files/{file_id}/remove").status_code == 404
    assert len(kept(session)) == 1


@pytest.mark.parametrize(
    "table", ["ab_user", "login_session", "audit_entry", "counter", "nothing", "attachment", "approval_request"]
)
def test_only_papers_have_files(client_as: Callable[[str], FlaskClient], cast: Cast, table: str) -> None:
    assert client_as("clerk").get(f"/files/{table}/1").status_code == 404


def test_the_auditor_reads_but_adds_nothing(client_as: Callable[[str], FlaskClient], cast: Cast, session: Any) -> None:
    upload(client_as("clerk"), cast.a.id, (PDF, "合同.pdf"))
    client = client_as("auditor")
    assert client.get(f"/files/{kept(session)[0].id}").status_code == 200
    assert upload(client, cast.a.id, (PDF, "审计.pdf")).status_code == 403
    assert len(kept(session)) == 1


def test_a_bad_file_is_named_and_none_of_the_batch_is_kept(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any
) -> None:
    answer = upload(client_as("clerk"), cast.a.id, (PDF, "合同.pdf"), (b"<html>", "页面.jpg"))
    assert answer.status_code == 422
    assert "页面.jpg" in answer.get_data(as_text=True)
    assert kept(session) == []


def test_nothing_chosen_is_said(client_as: Callable[[str], FlaskClient], cast: Cast) -> None:
    assert "请选择文件" in upload(client_as("clerk"), cast.a.id).get_data(as_text=True)


def test_a_day_has_its_measure(
    client_as: Callable[[str], FlaskClient], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "DAILY_FILES", 2)
    client = client_as("clerk")
    assert upload(client, cast.a.id, (PDF, "一.pdf")).status_code == 302
    assert upload(client, cast.a.id, (PDF, "二.pdf")).status_code == 302
    assert "已到上限" in upload(client, cast.a.id, (PDF, "三.pdf")).get_data(as_text=True)


def test_too_large_is_a_plain_answer(
    app: Flask, client_as: Callable[[str], FlaskClient], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == 20 * 1024 * 1024
    assert LARGE["FilesView.upload"] == 100 * 1024 * 1024
    client = client_as("clerk")
    monkeypatch.setitem(LARGE, "FilesView.upload", 2000)
    answer = upload(client, cast.a.id, (b"x" * 3000, "大.pdf"))
    assert answer.status_code == 413
    assert "20 MB" in answer.get_data(as_text=True)


def test_several_photos_are_larger_together_than_any_other_form(
    app: Flask, client_as: Callable[[str], FlaskClient], cast: Cast, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2000)
    three = [(picture(size=(400, 300 + i)), f"照片{i}.jpg") for i in range(3)]
    assert upload(client_as("clerk"), cast.a.id, *three).status_code == 302
    assert len(kept(session)) == 3
    stranger = app.test_client().post(
        f"/files/project/{cast.a.id}", data={"file": [(io.BytesIO(b"x" * 3000), "a.pdf")]}
    )
    assert stranger.status_code == 413, "nobody who is not signed in sends that much"


def test_a_script_gets_answers_that_it_can_show(client_as: Callable[[str], FlaskClient], cast: Cast) -> None:
    client, address = client_as("clerk"), f"/files/project/{cast.a.id}"
    json = {"Accept": "application/json"}
    bad = client.post(address, data={"file": [(io.BytesIO(b"<html>"), "页面.jpg")]}, headers=json)
    assert (bad.status_code, "页面.jpg" in bad.json["message"]) == (422, True)
    good = client.post(address, data={"file": [(io.BytesIO(picture()), "现场.jpg")]}, headers=json)
    assert good.json == {"url": f"/project/show/{cast.a.id}#pane-files"}


def test_a_photo_from_the_camera_counts_like_a_chosen_file(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any
) -> None:
    client, address = client_as("clerk"), f"/files/project/{cast.a.id}"
    form = client.get(address).get_data(as_text=True)
    assert 'accept="image/*" capture="environment"' in form
    assert "一次最多 20 件、100 MB" in form
    given = {"file": [(io.BytesIO(b""), ""), (io.BytesIO(picture()), "image.jpg")]}  # the unused input is sent empty
    assert client.post(address, data=given, content_type="multipart/form-data").status_code == 302
    assert [row.name for row in kept(session)] == ["image.jpg"]


def test_a_store_that_is_gone_is_said_and_heals_by_itself(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any
) -> None:
    client = client_as("clerk")
    upload(client, cast.a.id, (picture(), "现场.jpg"))
    file_id, here = kept(session)[0].id, store().folder
    here.rename(here.with_name("away"))
    for address in (f"/files/{file_id}", f"/files/{file_id}?inline=1"):
        answer = client.get(address)
        assert (answer.status_code, "存放附件的磁盘" in answer.get_data(as_text=True)) == (503, True)
    here.with_name("away").rename(here)
    assert client.get(f"/files/{file_id}").status_code == 200


def test_only_the_uploader_takes_it_off_and_the_content_stays(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any
) -> None:
    upload(client_as("clerk"), cast.a.id, (PDF, "合同.pdf"))
    row = kept(session)[0]
    offered = f'action="/files/{row.id}/remove"'
    assert offered in client_as("clerk").get(f"/project/show/{cast.a.id}").get_data(as_text=True)
    assert offered not in client_as("supervisor").get(f"/project/show/{cast.a.id}").get_data(as_text=True)
    assert client_as("supervisor").post(f"/files/{row.id}/remove").status_code == 403
    assert client_as("clerk").post(f"/files/{row.id}/remove").status_code == 302
    assert client_as("clerk").get(f"/files/{row.id}").status_code == 404
    assert store().is_whole(kept(session)[0].sha256)


def test_doctor_finds_what_is_missing_changed_or_left_over(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any
) -> None:
    client = client_as("clerk")
    for name in ("好.pdf", "坏.pdf", "丢.pdf"):
        upload(client, cast.a.id, (PDF + name.encode(), name))
    _good, bad, lost = kept(session)
    store().path(bad.sha256).write_bytes(b"changed")
    store().path(lost.sha256).unlink()
    orphan = store().keep(b"nobody's")
    found = "\n".join(faults(session))
    assert "坏.pdf" in found
    assert "丢.pdf" in found
    assert "好.pdf" not in found
    assert orphan[:12] in found


def test_a_full_disk_is_said_and_leaves_no_row(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    client = client_as("clerk")
    monkeypatch.setattr("app.kernel.file_store.os.fsync", full)
    answer = upload(client, cast.a.id, (PDF, "合同.pdf"))
    assert answer.status_code == 507
    assert "磁盘已满" in answer.get_data(as_text=True)
    assert kept(session) == []
    assert list(store().every()) == []
    assert not list(store().folder.glob("*/.new-*"))


def test_names_of_the_store_are_hashes_only(session: Any) -> None:
    with pytest.raises(ValueError, match="not a hash"):
        store().path("../../../etc/passwd")
