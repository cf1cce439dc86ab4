"""Looking at a file without opening it: thumbnail, page by page, its text. Every address goes through the record (04 S9)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import current_app, flash, redirect, request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812 - the house's name of lazy texts
from markupsafe import Markup

from app.kernel import file_previews
from app.kernel.attachments import WRITERS, Attachment, content_of, files_of, log_look, owner_of, visible
from app.kernel.entrance import database, me
from app.kernel.errors import NotFound, RuleError
from app.kernel.file_previews import MOST_PAGES, PDF, PICTURES
from app.kernel.file_tab import file_size
from app.kernel.file_texts import SEARCHED, FileWords, TextState, decide, words_of_file
from app.kernel.grants import Grants
from app.kernel.pages.files import INERT, back_to
from app.kernel.posts import ALL_POSTS
from app.kernel.recognition import MOST_PAGES as MOST_RECOGNISED
from app.kernel.recognition import ask_to_recognise, may_confirm, may_recognise
from app.kernel.screens.display import moment, tag_of
from app.kernel.screens.file_page import FilePage
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.page import Card, Crumb, Link
from app.kernel.transactions import write

SHOWN_TEXT = 4000  # characters of the text on the page; the search knows all of it
NO_VIEW = L("这种文件不能在页面上看，请下载后打开。")


class FilePagesView(BaseView):
    """/files/<id>/…"""

    route_base = "/files"
    default_view = "view"
    posts: ClassVar[Grants] = {
        **dict.fromkeys(("view", "thumb", "page"), ALL_POSTS), **dict.fromkeys(("text", "recognise"), WRITERS),
    }  # fmt: skip

    @expose("/<int:file_id>/view")
    @has_access
    def view(self, file_id: int) -> Any:
        """The file on a page of ours; ?page=n of a PDF."""
        session, actor = database(), me()
        row = visible(session, actor, file_id)
        words = words_of_file(session, row.id)
        shown = _pdf_part(row) if row.mime == PDF else _picture_part(row)
        page = FilePage(
            title=row.name, crumbs=_crumbs(row), acts=_acts(row), **shown, **_text_part(words),
            lead=_("%(size)s · %(who)s %(when)s", size=file_size(row.size), who=row.uploaded_name, when=moment(row.uploaded_at)),
        )  # fmt: skip
        return self.render_template("file.html", page=page)

    @expose("/<int:file_id>/thumb")
    @has_access
    def thumb(self, file_id: int) -> Any:
        """A small picture of the file."""
        row = visible(database(), me(), file_id)
        return _inert(file_previews.thumb_of(row, lambda: content_of(row)), "image/jpeg")

    @expose("/<int:file_id>/page/<int:number>")
    @has_access
    def page(self, file_id: int, number: int) -> Any:
        """One page of a PDF as PNG. Logged."""
        session, actor = database(), me()
        row = visible(session, actor, file_id)
        if row.mime != PDF:
            raise NotFound("page")
        drawn = file_previews.page_of(row, content_of(row), number)
        write(session, lambda: log_look(session, visible(session, actor, file_id), number))
        return _inert(drawn, "image/png")

    @expose("/<int:file_id>/recognise", methods=["POST"])
    @has_access
    def recognise(self, file_id: int) -> Any:
        """Ask for the text of a scan; the task tells when it is done."""
        session, actor = database(), me()
        write(session, lambda: ask_to_recognise(session, actor, visible(session, actor, file_id)))
        flash(_("已开始识别，完成后会通知你；也可以在「我的任务」看进度。"), "success")
        return redirect(f"/files/{file_id}/view")

    @expose("/<int:file_id>/text", methods=["GET", "POST"])
    @has_access
    def text(self, file_id: int) -> Any:
        """Compare what was recognised with the picture, correct it, confirm or dismiss it."""
        session, actor = database(), me()
        row = visible(session, actor, file_id)
        words = words_of_file(session, file_id)
        if words is None or not may_confirm(session, actor, row):
            raise NotFound("text")
        if request.method == "GET":
            if words.state is not TextState.SUGGESTED:
                return redirect(f"/files/{file_id}/view")
            return self._form(row, words.suggestion, "")
        typed = request.form.get("text", "")
        text = None if request.form.get("_save") == "dismiss" else typed
        try:
            write(session, lambda: decide(session, actor, visible(session, actor, file_id), text))
        except RuleError as refusal:
            return self._form(visible(session, actor, file_id), typed, str(refusal)), refusal.status
        flash(_("已核对，现在可以搜索到。") if text is not None else _("识别的文字没有采用。"), "success")
        return redirect(f"/files/{file_id}/view")

    def _form(self, row: Attachment, text: str, refused: str) -> str:
        size = "?inline=1" if row.mime in PICTURES else "/page/1"
        picture = Card(_("原件"), "html", html=_picture_html(f"/files/{row.id}{size}", row.name))
        hint = _("由机器识别，可能有错。手机号、证件号、卡号已打码，核对后仍可用完整号码搜索。")
        field = FormField(
            "text", _("识别的文字"), "textarea", value=text, rows=20, wide=True, hint=hint,
            errors=(refused,) if refused else (),
        )  # fmt: skip
        page = FormPage(
            title=_("核对识别文字：%(name)s", name=row.name), crumbs=_crumbs(row),
            sections=(FormSection("", (field,)),), submit_label=_("核对无误，可以搜索"),
            other_submits=(("dismiss", _("不采用")),), back_url=f"/files/{row.id}/view", side=(picture,), read_first=True,
        )  # fmt: skip
        return self.render_template("doc/form.html", page=page)


def _picture_html(url: str, name: str) -> Markup:
    return Markup('<a href="{}"><img class="proof" src="{}" alt="{}"></a>').format(url, url, name)


def _inert(data: bytes, mime: str) -> Any:
    answer = current_app.response_class(data, mimetype=mime)
    answer.headers["Content-Security-Policy"] = INERT
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _owner(row: Attachment) -> Any:
    return owner_of(database(), me(), row.owner_table, row.owner_id)


def _crumbs(row: Attachment) -> tuple[Crumb, ...]:
    owner = _owner(row)
    return (Crumb(str(owner), back_to(owner)), Crumb(row.name))


def _acts(row: Attachment) -> tuple[Link, ...]:
    session, actor = database(), me()
    acts = []
    if may_recognise(session, actor, row):
        confirm = _("机器识别前 %(n)s 页的文字，完成后由你核对。", n=MOST_RECOGNISED)
        acts.append(Link(_("识别文字"), f"/files/{row.id}/recognise", method="post", confirm=confirm))
    words = words_of_file(session, row.id)
    if words is not None and words.state is TextState.SUGGESTED and may_confirm(session, actor, row):
        acts.append(Link(_("核对识别文字"), f"/files/{row.id}/text"))
    return (*acts, Link(_("下载"), f"/files/{row.id}", icon="download", tone="primary"))


def _picture_part(row: Attachment) -> dict[str, Any]:
    """The picture, and the way to the files beside it on the record."""
    files = files_of(database(), _owner(row))
    at = next(i for i, one in enumerate(files) if one.id == row.id)
    beside = {
        "prev_url": f"/files/{files[at - 1].id}/view" if at else "", "prev_label": _("上一件"),
        "next_url": f"/files/{files[at + 1].id}/view" if at + 1 < len(files) else "", "next_label": _("下一件"),
    }  # fmt: skip
    if row.mime not in PICTURES:
        return {**beside, "refused": str(NO_VIEW)}
    return {**beside, "picture": f"/files/{row.id}?inline=1", "alt": row.name}


def _pdf_part(row: Attachment) -> dict[str, Any]:
    try:
        pages = file_previews.pages_of(row, content_of(row))
        shown = min(pages, MOST_PAGES)
        asked = request.args.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
        number = min(max(1, number), shown)
        file_previews.page_of(row, content_of(row), number)  # a page that cannot be drawn says so here, in words
    except RuleError as refusal:
        return {"refused": str(refusal)}
    return {
        "page": number, "pages": pages, "shown_pages": shown, "picture": f"/files/{row.id}/page/{number}",
        "alt": _("%(name)s 第 %(n)s 页，共 %(m)s 页", name=row.name, n=number, m=pages),
        "prev_url": f"?page={number - 1}" if number > 1 else "", "prev_label": _("上一页"),
        "next_url": f"?page={number + 1}" if number < shown else "", "next_label": _("下一页"),
    }  # fmt: skip


def _text_part(words: FileWords | None) -> dict[str, Any]:
    if words is None:
        return {"text_note": _("文字还在读取，稍后可以搜索。")}
    text = words.text if words.state in SEARCHED else ""
    return {"text_tag": tag_of(words.state), "text": text[:SHOWN_TEXT], "text_note": _about_text(words)}


def _about_text(words: FileWords) -> str:
    if words.state is TextState.UNREADABLE:
        return words.note
    if words.state is TextState.EMPTY:
        return _("这份文件里没有可以搜索的文字（扫描件或照片）。")
    if words.state is TextState.SUGGESTED:
        return _("机器识别的文字等人核对，核对之前搜索不到。")
    if words.state is TextState.DISMISSED:
        return _("%(who)s 没有采用识别的文字。", who=words.decided_name)
    notes = [_("手机号、证件号、卡号已打码，可用完整号码搜索。")]
    if words.state is TextState.CONFIRMED and words.decided_at is not None:
        notes.insert(0, _("%(who)s 于 %(when)s 核对。", who=words.decided_name, when=moment(words.decided_at)))
    if words.cut:
        notes.append(_("文件很长，只收录了前 20 万字。"))
    if len(words.text) > SHOWN_TEXT:
        notes.append(_("这里只显示开头，搜索全文有效。"))
    return "".join(notes)
