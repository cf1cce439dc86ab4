"""What stands inside the files of a paper is found by 查资料 and by the search, for its readers only."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from app.features.archive.papers.models import Paper
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Attachment, Received, attach, remove, store, visible
from app.kernel.file_checks import WORD
from app.kernel.file_texts import FileWords, TextState, read_file, unread_files
from app.kernel.search_index import SearchRow, faults, rebuild
from app.kernel.tasks.records import Task
from app.kernel.tasks.running import run_task
from app.kernel.transactions import write
from tests.features.archive import files as f
from tests.kernel import pdfs

PHRASE = "违约金按日万分之二点五计算"


def word(*lines: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


def given(cast, paper, content: bytes, name: str, mime: str = "application/pdf") -> int:
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        received = Received(name, mime, len(content), store().keep(content))
        return write(cast.session, lambda: attach(cast.session, clerk, cast.session.get(Paper, paper.id), received)).id


def read_by_worker(cast) -> None:
    """The tasks that the house asked itself for."""
    with acting_as(SYSTEM):
        waiting = list(cast.session.scalars(select(Task.id).where(Task.person_id == 0)))
    for task_id in waiting:
        assert run_task(cast.session, task_id)


@pytest.fixture
def paper(cast):
    return SimpleNamespace(id=f.paper(cast, f.household(cast)).id)  # the session of a worker detaches the record itself


@pytest.mark.both_databases
def test_the_worker_reads_a_new_file_and_its_readers_find_the_place(cast, client_as, paper):
    given(cast, paper, pdfs.pdf("第一页", f"第八条 {PHRASE}，逾期九十日"), "认购协议.pdf")
    clerk, place = client_as("clerk"), "附件「认购协议.pdf」"
    assert place not in clerk.get(f"/search?q={PHRASE}").text, "not read yet"
    read_by_worker(cast)
    for address in (f"/search?q={PHRASE}", f"/archive/?q={PHRASE}", "/archive/?q=王伟 万分之二点五"):
        page = clerk.get(address).text
        assert f"/paper/show/{paper.id}" in page, address
        assert place in page and "逾期九十日" in page, address
    stranger = client_as("other_clerk")
    for address in (f"/search?q={PHRASE}", f"/archive/?q={PHRASE}"):
        page = stranger.get(address).text
        assert place not in page and "逾期九十日" not in page
    assert place not in client_as("consultant2").get(f"/search?q={PHRASE}").text, "a colleague's household"
    assert place in client_as("consultant1").get(f"/search?q={PHRASE}").text
    assert place not in clerk.get(f"/paper/list/?q={PHRASE}").text, "lists find what stands in their columns"


@pytest.mark.parametrize(
    ("name", "mime", "content"),
    [
        ("协议.docx", WORD, word("补充协议", PHRASE)),
        ("说明.txt", "text/plain", PHRASE.encode("gb18030")),
        ("表.csv", "text/csv", f"条款,内容\n8,{PHRASE}".encode()),
    ],
)
def test_every_kind_of_text_is_read(cast, client_as, paper, name, mime, content):
    given(cast, paper, content, name, mime)
    read_by_worker(cast)
    assert f"附件「{name}」" in client_as("clerk").get(f"/archive/?q={PHRASE}").text


def test_numbers_of_people_are_nowhere_in_the_clear_but_found(cast, client_as, paper):
    given(cast, paper, "买受人 王伟 13900009999 证件 11010519491231002X".encode(), "登记.txt", "text/plain")
    read_by_worker(cast)
    clerk = client_as("clerk")
    for question in ("13900009999", "11010519491231002X"):
        assert f"/paper/show/{paper.id}" in clerk.get(f"/archive/?q={question}").text
    with acting_as(SYSTEM):
        cast.session.rollback()
        row = cast.session.scalars(select(FileWords)).one()
        assert row.text == "买受人 王伟 139****9999 证件 110****002X"
        kept = "".join(cast.session.execute(text("SELECT words FROM search_entry")).scalars())
    assert "13900009999" not in kept and "11010519491231002" not in kept.lower()


def test_what_is_taken_off_is_found_no_more(cast, client_as, paper):
    file_id = given(cast, paper, pdfs.pdf(PHRASE), "协议.pdf")
    read_by_worker(cast)
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        write(cast.session, lambda: remove(cast.session, clerk, visible(cast.session, clerk, file_id)))
    assert "附件「" not in client_as("clerk").get(f"/archive/?q={PHRASE}").text
    with acting_as(SYSTEM):
        assert cast.session.scalars(select(FileWords)).all() == []
        assert cast.session.scalars(select(SearchRow.id).where(SearchRow.subject == "attachment")).all() == []


def test_a_file_is_found_by_the_new_words_of_its_record(cast, client_as, paper):
    given(cast, paper, pdfs.pdf(PHRASE), "协议.pdf")
    read_by_worker(cast)

    def rename():
        cast.session.get(Paper, paper.id).note = "补登记录乙"

    with acting_as(SYSTEM):
        write(cast.session, rename)
    assert "附件「协议.pdf」" in client_as("clerk").get("/archive/?q=补登记录乙 万分之二点五").text


def test_the_index_is_rebuilt_with_the_files_and_doctor_is_content(cast, client_as, paper):
    file_id = given(cast, paper, pdfs.pdf(PHRASE), "协议.pdf")
    with acting_as(SYSTEM):
        assert unread_files(cast.session) == [file_id]
        read_file(cast.session, file_id)
        assert unread_files(cast.session) == []
        write(cast.session, lambda: cast.session.execute(text("DELETE FROM search_entry")) and None)
        write(cast.session, lambda: rebuild(cast.session()))
        assert list(faults(cast.session())) == []
    assert "附件「协议.pdf」" in client_as("clerk").get(f"/archive/?q={PHRASE}").text


def test_what_cannot_be_read_says_why(cast, client_as, paper):
    ids = [given(cast, paper, content, name) for name, content in (("锁.pdf", pdfs.locked()), ("图.pdf", pdfs.pdf("")))]
    read_by_worker(cast)
    with acting_as(SYSTEM):
        cast.session.rollback()
        states = [cast.session.scalars(select(FileWords).where(FileWords.file_id == i)).one().state for i in ids]
        assert cast.session.get(Attachment, ids[0]) is not None
    assert states == [TextState.UNREADABLE, TextState.EMPTY]
    assert "设有打开密码" in client_as("clerk").get(f"/files/{ids[0]}/view").text
    assert "没有可以搜索的文字" in client_as("clerk").get(f"/files/{ids[1]}/view").text
