"""文书模板: uploaded, checked, reviewed, in use, superseded; nothing unreviewed is printed from (issue 5 point 10)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from app.features.archive.templates.effects import template_faults, template_in_use
from app.features.archive.templates.models import PaperTemplate, TemplateState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.papers.records import PrintedPaper
from tests.features.archive import registers as r
from tests.features.deals import orders as o
from tests.kernel.papers.words import pdf_text, printed_words, template

KIND = "seal_use"
GOOD = "本案场用印单 {{ 编号 }} {{ 印章 }} 共 {{ 用印份数 }} 份"


def upload(
    client: Any, text: str = GOOD, *, to: str = "/paper-template/add", name: str = "用印.docx", **form: str
) -> Any:
    file = (io.BytesIO(template(text)), name)
    return client.post(
        to, data={"kind": KIND, "changes": "加上份数", "file": file, **form}, content_type="multipart/form-data"
    )


def last(cast: Any) -> PaperTemplate:
    cast.session.rollback()
    with acting_as(SYSTEM):
        return cast.session.scalars(select(PaperTemplate).order_by(PaperTemplate.id.desc())).first()


def in_use(cast: Any, client: Any, text: str = GOOD) -> PaperTemplate:
    assert upload(client, text).status_code == 302
    paper = o.step(cast, last(cast), "submit", "clerk")
    return o.decided(cast, paper, "site_manager")


def approved_use(cast: Any) -> Any:
    use = o.step(cast, r.seal_use(cast), "submit", "clerk")
    return o.decided(cast, use, "developer_site")


def test_a_draft_is_reviewed_and_then_printed_from(cast, client_as):
    clerk, use = client_as("clerk"), approved_use(cast)
    assert upload(clerk).status_code == 302
    draft = last(cast)
    assert (draft.state, draft.revision, draft.title) == (TemplateState.DRAFT, 1, "用印审批单")
    page = clerk.get(f"/paper-template/show/{draft.id}").text
    assert "审核通过前，打印仍用现在的模板" in page and "样张（PDF）" in page
    wish = {"form": "docx", "copies": "1"}
    assert "本案场用印单" not in printed_words(cast.session, clerk.post(f"/print/{KIND}/{use.id}", data=wish))
    o.step(cast, draft, "submit", "clerk")
    assert "本案场用印单" not in printed_words(cast.session, clerk.post(f"/print/{KIND}/{use.id}", data=wish))
    paper = o.decided(cast, last(cast), "site_manager")
    assert paper.state is TemplateState.IN_USE and paper.in_use_on == o.today()
    text = printed_words(cast.session, clerk.post(f"/print/{KIND}/{use.id}", data=wish))
    assert f"本案场用印单 {use.number} 甲方合同专用章 共 {use.copies} 份" in text
    cast.session.rollback()
    rows = list(cast.session.scalars(select(PrintedPaper).order_by(PrintedPaper.id)))
    assert [(one.turn, one.template, one.template_id) for one in rows] == [
        (1, "系统默认", None), (2, "系统默认", None), (3, "第 1 版", paper.id),
    ]  # fmt: skip


def test_the_next_version_supersedes_and_retiring_gives_the_shipped_one_back(cast, client_as):
    clerk = client_as("clerk")
    first = in_use(cast, clerk)
    second = in_use(cast, clerk, "第二版 {{ 编号 }}")
    assert second.revision == 2
    assert o.fresh(cast, PaperTemplate, first.id).state is TemplateState.SUPERSEDED
    with acting_as(SYSTEM):
        assert template_in_use(cast.session, second.project_id, KIND).name == "第 2 版"
        assert template_in_use(cast.session, cast.project_ids["b"], KIND) is None, "each project has its own"
        assert list(template_faults(cast.session)) == []
    o.step(cast, second, "retire", "site_manager", note="改回默认")
    with acting_as(SYSTEM):
        assert template_in_use(cast.session, second.project_id, KIND) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ 单价 }}", "「单价」不是这种文书的占位词"), ("{{ 7*7 }}", "公式或函数"), ("{{ ''.__class__ }}", "占位词"),
        ("{% for x in y %}{% endfor %}", "「y」不是这种文书的清单"), ("{{ 编号", "大括号"),
    ],
)  # fmt: skip
def test_what_may_not_stand_in_it_is_named_and_nothing_is_kept(cast, client_as, text, sentence):
    answer = upload(client_as("clerk"), text)
    assert answer.status_code == 422 and sentence in answer.text.replace("&#39;", "'")
    assert "加上份数" in answer.text, "what was typed stays"
    assert last(cast) is None


@pytest.mark.parametrize(
    ("form", "sentence"),
    [({"kind": ""}, "请选择文书种类"), ({"kind": "x"}, "请选择文书种类"), ({"changes": " "}, "请写明修改说明"), ({"name": "a.doc"}, "另存为 .docx"),
     ({"name": "a.docm"}, "必须是 Word 文件"), ({"name": ""}, "请选择 Word 模板文件")],
)  # fmt: skip
def test_a_missing_part_is_named(cast, client_as, form, sentence):
    answer = upload(client_as("clerk"), **form)
    assert answer.status_code == 422 and sentence in answer.text and last(cast) is None


def test_one_version_at_a_time_is_worked_on(cast, client_as):
    clerk = client_as("clerk")
    assert upload(clerk).status_code == 302
    assert "已有一份模板在修改或待审" in upload(clerk).text


def test_a_draft_takes_another_file_a_reviewed_one_does_not(cast, client_as):
    clerk = client_as("clerk")
    upload(clerk)
    draft = last(cast)
    address = f"/paper-template/upload/{draft.id}"
    assert "上传 Word 模板" in clerk.get(address).text
    assert upload(clerk, "换过 {{ 编号 }}", to=address, name="二.docx").status_code == 302
    assert last(cast).file_name == "二.docx"
    o.step(cast, last(cast), "submit", "clerk")
    assert upload(clerk, to=address).status_code == 403
    with acting_as(SYSTEM):
        assert last(cast).kept_files == {last(cast).file_id}


def test_who_may(cast, client_as):
    clerk = client_as("clerk")
    upload(clerk)
    draft = last(cast)
    for login, code in (
        ("consultant1", 403),
        ("site_manager", 403),
        ("auditor", 403),
        ("developer_lead", 403),
        ("supervisor", 200),
    ):
        assert client_as(login).get("/paper-template/add").status_code == code, login
    assert client_as("consultant1").get(f"/paper-template/show/{draft.id}").status_code == 200
    assert client_as("developer_site").get(f"/paper-template/show/{draft.id}").status_code in (403, 404)
    assert client_as("other_clerk").get(f"/paper-template/preview/{draft.id}").status_code == 404


def test_samples_placeholders_and_the_shipped_file(cast, client_as):
    client = client_as("consultant1")
    kinds = client.get("/paper-template/kinds").text
    assert "认购书" in kinds and "系统默认" in kinds and "/paper-template/words/reservation" in kinds
    words = client.get("/paper-template/words/reservation").text
    assert "{{ 成交总价大写 }}" in words and "清单：付款计划" in words and "{%tr for 行 in 付款计划 %}" in words
    assert client.get("/paper-template/words/none").status_code == 404
    shipped = client.get("/paper-template/shipped/seal_use")
    assert shipped.data[:2] == b"PK" and shipped.headers["Content-Disposition"].startswith("attachment")
    assert "用印审批单" in pdf_text(client.get("/paper-template/sample/seal_use").data)
    upload(client_as("clerk"))
    assert "样张，不作凭据" in pdf_text(client.get(f"/paper-template/preview/{last(cast).id}").data).replace(" ", "")
