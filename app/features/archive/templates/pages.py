"""The pages of 文书模板 that are no list, form or step: upload, sample, placeholders."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, redirect, render_template, request, send_file
from flask_babel import gettext as _

from app.extensions import db
from app.features.archive.promises import require_lawful
from app.features.archive.templates.effects import name_version, take_file
from app.features.archive.templates.models import PaperTemplate, TemplateState
from app.kernel.actors import Actor
from app.kernel.attachments import Received, receive
from app.kernel.errors import RuleError
from app.kernel.file_checks import TYPES
from app.kernel.papers.definition import Placeholder
from app.kernel.papers.kinds import PRINTED, PrintedKind, kind_of
from app.kernel.papers.printed import FOOT, loop_marks
from app.kernel.papers.rendering import check_template, filled_word, pdf_of
from app.kernel.papers.templates import SHIPPED, Template, own_template
from app.kernel.screens.detail_page import DetailPage
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Card, Cell, Column, Crumb, Link, Option, Row, Table
from app.kernel.screens.saving import new_key
from app.kernel.transactions import write
from app.kernel.words import shown

LONGEST_CHANGES = 500


def add_page(view: Any) -> Any:
    """GET shows the form, POST checks the file, then makes the draft with it."""
    given = {"kind": request.values.get("kind", ""), "changes": request.form.get("changes", "").strip()}
    if request.method == "GET":
        return _form(view, None, given, None)
    actor = view.actor()
    try:
        if given["kind"] not in PRINTED:
            raise RuleError("请选择文书种类", field="kind")
        if not 0 < len(given["changes"]) <= LONGEST_CHANGES:
            raise RuleError("请写明修改说明（不超过 {n} 个字）", field="changes", n=LONGEST_CHANGES)
        received = _received(actor, kind_of(given["kind"]))
        digest = body_digest(request.form.items(multi=True))

        def work() -> str:
            paper = PaperTemplate(project_id=view.current_project(), paper_key=given["kind"], changes=given["changes"])
            name_version(db.session(), paper)
            db.session.add(paper)
            db.session.flush()
            take_file(db.session(), actor, paper, received)
            return str(view.show_url(paper.id))

        location = once(db.session, actor.person_id, request.form.get("_key", ""), digest, work)
    except RuleError as refusal:
        return _form(view, None, given, refusal), refusal.status
    flash(_("模板已存为草稿，请看过样张再提交审核。"), "success")
    return redirect(location)


def upload_page(view: Any, paper: PaperTemplate) -> Any:
    """GET asks for the file, POST checks it and puts it in place of the one before."""
    if request.method == "GET":
        return _form(view, paper, {}, None)
    actor, pk = view.actor(), paper.id
    try:
        received = _received(actor, kind_of(paper.paper_key))
        write(db.session, lambda: take_file(db.session(), actor, _draft(view, pk), received))
    except RuleError as refusal:
        return _form(view, view.find(pk), {}, refusal), refusal.status
    flash(_("模板文件已更换，请看过样张再提交审核。"), "success")
    return redirect(view.show_url(pk))


def _draft(view: Any, pk: int) -> PaperTemplate:
    paper: PaperTemplate = view.find(pk)
    if paper.state is not TemplateState.DRAFT:
        raise RuleError("「{what}」现在是「{state}」，不能再更换文件", what=paper, state=paper.state.label)
    return paper


def _received(actor: Actor, kind: PrintedKind) -> Received:
    """The file checked as a template and stored, outside every transaction. What only Word can show is told, not refused."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise RuleError("请选择 Word 模板文件（.docx）", field="file")
    if not upload.filename.lower().endswith(".docx"):
        raise RuleError("模板必须是 Word 文件（.docx），旧的 .doc 请另存为 .docx", field="file")
    only_word = check_template(kind, upload.read(), lambda text: require_lawful(text, "file"))
    upload.seek(0)
    received = receive(db.session(), actor, upload)
    if only_word:
        flash(_("模板里有图片或文本框，只在 Word 里显示，PDF 里没有。"), "warning")
    return received


def _form(view: Any, paper: PaperTemplate | None, given: dict[str, str], refused: RuleError | None) -> str:
    def errors(name: str) -> tuple[str, ...]:
        return (str(refused),) if refused is not None and refused.field == name else ()

    options = tuple(Option(kind.key, str(shown(kind.label))) for kind in PRINTED.values())
    asked = (
        FormField("kind", _("文书"), "select", required=True, value=given.get("kind", ""), options=options, errors=errors("kind")),
        FormField("changes", _("修改说明"), "textarea", required=True, value=given.get("changes", ""), errors=errors("changes"),
                  hint=_("这一版改了什么、为什么，审核人据此判断"), wide=True),
    )  # fmt: skip
    file = FormField(
        "file", _("Word 模板"), "file", required=True, accept=".docx", wide=True, errors=errors("file"),
        hint=_("先在「占位词和默认模板」下载现在的模板，在 Word 里改好再传；占位词写错会当场指出。"),
    )  # fmt: skip
    title = _("新文书模板") if paper is None else _("上传 Word 模板：%(what)s", what=paper)
    known = refused is None or refused.field in ("kind", "changes", "file")
    page = FormPage(
        title=title, sections=(FormSection("", (*asked, file) if paper is None else (file,)),), submit_label=_("检查并保存"),
        submit_icon="upload", back_url=view.list_url() if paper is None else view.show_url(paper.id),
        crumbs=(Crumb(str(view.title), view.list_url()), Crumb(title)), key=request.form.get("_key") or new_key(),
        errors=() if known else (str(refused),), acts=(Link(_("占位词和默认模板"), f"{view.route_base}/kinds"),),
    )  # fmt: skip
    return render_template("doc/form.html", page=page, title=title)


# ── samples and placeholders ────────────────────────────────
def sample(kind: PrintedKind, template: Template) -> Any:
    """A paper with invented values, as PDF."""
    foot = _("样张，不作凭据　模板：%(name)s", name=template.name)
    word = filled_word(kind, template.data, {**kind.definition.samples, FOOT: foot})
    pdf = pdf_of(word, kind.label, foot)
    return _answer(pdf, TYPES["pdf"], _("%(paper)s样张.pdf", paper=shown(kind.label)))


def word_answer(data: bytes, name: str) -> Any:
    """A template to download."""
    return _answer(data, TYPES["docx"], name)


def _answer(data: bytes, mime: str, name: str) -> Any:
    answer = send_file(io.BytesIO(data), mimetype=mime, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def kinds_page(view: Any, kinds: list[PrintedKind]) -> DetailPage:
    """One line a paper: its template, placeholders, Word file, sample."""
    session, project = db.session(), view.current_project()
    rows = []
    for kind in kinds:
        own = own_template(session, project, kind)
        used = own.name if own is not None else SHIPPED
        ops = (
            Link(_("占位词"), f"{view.route_base}/words/{kind.key}"),
            Link(_("下载模板"), f"{view.route_base}/shipped/{kind.key}"),
            Link(_("样张"), f"{view.route_base}/sample/{kind.key}"),
        )
        name = str(shown(kind.label))
        cells = (Cell(name), Cell(str(shown(kind.model.__label__))), Cell(str(shown(used))))
        rows.append(Row(kind.key, f"{view.route_base}/words/{kind.key}", name, cells, ops))
    heads = (
        Column("paper", _("文书"), phone="hd"),
        Column("record", _("打印自")),
        Column("template", _("现在的模板"), phone="badge"),
    )
    note = _("「下载模板」是现在使用的 Word 文件，改好后在「文书模板」里新增一版，审核通过后启用。")
    return DetailPage(
        title=_("占位词和默认模板"), crumbs=(Crumb(str(view.title), view.list_url()), Crumb(_("占位词和默认模板"))),
        main=(Card(_("全部文书"), "table", table=Table(heads, tuple(rows)), foot=note),),
    )  # fmt: skip


def words_page(view: Any, kind: PrintedKind) -> DetailPage:
    """What may stand between {{ and }}, with a sample of each."""
    plain, lists = [], []
    for one in kind.definition.placeholders:
        if one.columns:
            lists.append(_list_card(one))
        else:
            cells = (Cell(f"{{{{ {one.name} }}}}"), Cell(one.sample))
            plain.append(Row(one.name, "", one.name, cells))
    heads = (Column("word", _("占位词"), phone="hd"), Column("sample", _("例子")))
    name = str(shown(kind.label))
    return DetailPage(
        title=_("占位词：%(paper)s", paper=name),
        crumbs=(Crumb(str(view.title), view.list_url()), Crumb(_("占位词和默认模板"), f"{view.route_base}/kinds"), Crumb(name)),
        acts=(
            Link(_("样张（PDF）"), f"{view.route_base}/sample/{kind.key}", icon="download"),
            Link(_("下载模板"), f"{view.route_base}/shipped/{kind.key}", icon="download", tone="primary"),
        ),
        main=(Card(_("占位词"), "table", table=Table(heads, tuple(plain))), *lists),
    )  # fmt: skip


def _list_card(one: Placeholder) -> Card:
    heads = tuple(Column(name, name, phone="hd" if name == one.columns[0] else "shown") for name in one.columns)
    rows = tuple(
        Row(str(i), "", row[one.columns[0]], tuple(Cell(row[name]) for name in one.columns))
        for i, row in enumerate(one.rows)
    )
    start, cell, end = loop_marks(one.name, one.columns[0])
    note = _(
        "表格里一行写 %(start)s，下一行的各格写 %(cell)s 这样的列名，再下一行写 %(end)s",
        start=start,
        cell=cell,
        end=end,
    )
    return Card(_("清单：%(name)s", name=one.name), "table", table=Table(heads, rows), foot=note)
