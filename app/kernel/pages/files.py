"""Uploading, opening and taking off the files of a record."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, jsonify, redirect, request, send_file
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.kernel.addresses import own_path
from app.kernel.attachments import (
    Received,
    attach,
    log_download,
    may_attach,
    owner_of,
    path_of,
    receive,
    remove,
    visible,
)
from app.kernel.entrance import database, me, wants_json
from app.kernel.errors import Forbidden, RuleError
from app.kernel.file_checks import ACCEPT, AT_ONCE, AT_ONCE_BYTES
from app.kernel.file_previews import PICTURES
from app.kernel.grants import Grants
from app.kernel.large_bodies import allow
from app.kernel.posts import ALL_POSTS
from app.kernel.screens.page import FormField, FormPage, FormSection
from app.kernel.transactions import write

INERT = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class FilesView(BaseView):
    """/files: every address goes through the record."""

    route_base = "/files"
    default_view = "download"
    posts: ClassVar[Grants] = {"download": ALL_POSTS, "upload": ALL_POSTS, "remove": ALL_POSTS}

    @expose("/<int:file_id>")
    @has_access
    def download(self, file_id: int) -> Any:
        """The file as attachment; pictures inside the page with ?inline=1 (a PDF is shown page by page). Logged."""
        session, actor = database(), me()
        row = visible(session, actor, file_id)
        path, name, mime = path_of(row), row.name, row.mime
        write(session, lambda: log_download(session, visible(session, actor, file_id)))
        inside = request.args.get("inline") == "1" and mime in PICTURES
        answer = send_file(
            path, mimetype=mime, as_attachment=not inside, download_name=name, conditional=False, etag=False
        )
        answer.headers["Content-Security-Policy"] = INERT
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @expose("/<table>/<int:owner_id>", methods=["GET", "POST"])
    @has_access
    def upload(self, table: str, owner_id: int) -> Any:
        """Add files to a record that the person sees."""
        session, actor = database(), me()
        owner = owner_of(session, actor, table, owner_id)
        if not may_attach(actor, owner):
            raise Forbidden("附件")
        back = own_path(request.values.get("next"), back_to(owner))
        if request.method == "GET":
            return self._page(owner, back, "")
        try:
            received = self._received()
        except RuleError as refusal:
            if wants_json():  # the page keeps what was chosen and shows the sentence
                return jsonify(message=str(refusal)), refusal.status
            return self._page(owner, back, str(refusal)), refusal.status

        def work() -> None:
            fresh = owner_of(session, actor, table, owner_id)
            for one in received:
                attach(session, actor, fresh, one)

        write(session, work)
        flash(_("已上传 %(n)s 件附件。", n=len(received)), "success")
        for one in received:
            if one.remark:
                flash(_("%(why)s。文件已经留下，但在这里看不到内容，也搜不到文字。", why=one.remark), "warning")
        return jsonify(url=back) if wants_json() else redirect(back)

    def _received(self) -> list[Received]:
        """All files of the form, checked and stored; the first bad one refuses them all."""
        sent = request.files.getlist("file")
        given = [upload for upload in sent if upload.filename]
        try:
            if not given:
                raise RuleError("请选择文件", field="file")
            if len(given) > AT_ONCE:
                raise RuleError("一次最多上传 {n} 件", field="file", n=AT_ONCE)
            return [receive(database(), me(), upload) for upload in given]
        finally:
            for upload in sent:
                upload.close()  # a large one lies in a temporary file

    @expose("/<int:file_id>/remove", methods=["POST"])
    @has_access
    def remove(self, file_id: int) -> Any:
        """Take one's own file off the record; the content stays for the trail."""
        session, actor = database(), me()
        back = own_path(request.form.get("next"), back_to(owner_of(session, actor, *self._owner(file_id))))
        write(session, lambda: remove(session, actor, visible(session, actor, file_id)))
        flash(_("附件已移除。"), "success")
        return redirect(back)

    def _owner(self, file_id: int) -> tuple[str, int]:
        row = visible(database(), me(), file_id)
        return row.owner_table, row.owner_id

    def _page(self, owner: Any, back: str, refused: str) -> str:
        hint = _("照片会自动缩小并去掉拍摄位置。HEIC 照片请先在手机「设置 › 相机 › 格式」选「兼容性最佳」。")
        field = FormField(
            "file", _("附件"), "file", required=True, multiple=True, accept=ACCEPT, hint=hint,
            errors=(refused,) if refused else (),
            attrs=(("data-most", str(AT_ONCE)), ("data-most-bytes", str(AT_ONCE_BYTES))),
            placeholder=_("PDF、图片、Excel、Word、文本；每件不超过 20 MB，一次最多 %(n)s 件、%(m)s MB",
                          n=AT_ONCE, m=AT_ONCE_BYTES // 1024 // 1024),
        )  # fmt: skip
        page = FormPage(
            title=_("上传附件：%(what)s", what=owner), sections=(FormSection("", (field,)),), submit_label=_("上传"),
            submit_icon="upload", back_url=back, hidden=(("next", back),),
        )  # fmt: skip
        return self.render_template("doc/form.html", page=page)


allow("FilesView.upload", AT_ONCE_BYTES)


def back_to(owner: Any) -> str:
    """The files on the page of a record."""
    from app.kernel.screens.view import view_of

    view = view_of(type(owner))
    return f"{view.show_url(owner.id)}#pane-files" if view is not None else "/"
