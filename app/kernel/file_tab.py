"""How the files of a record stand on its page: with their thumbnails, who brought them, and what one may do."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.attachments import Attachment, evidence_among, files_of, judged_among, kept_files, may_attach
from app.kernel.file_previews import PDF, PICTURES
from app.kernel.papers.records import printed_among
from app.kernel.screens.display import moment
from app.kernel.screens.page import Card, FileItem, Link, Tab


def file_size(size: int) -> str:
    """Bytes as «820 KB», «3.4 MB»."""
    return f"{max(1, size // 1024)} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def files_tab(session: Session, record: Any, actor: Actor) -> Tab:
    """The tab 附件 of a document's page."""
    rows = files_of(session, record)
    kept = evidence_among(session, rows) | printed_among(session, [row.id for row in rows]) | kept_files(record)
    kept |= judged_among(session, rows)
    mine = {row.id for row in rows if row.uploaded_by == actor.person_id and row.id not in kept}
    items = tuple(file_item(row, act=_take_off(row) if row.id in mine else None) for row in rows)
    more = (
        Link(_("上传附件"), f"/files/{record.__tablename__}/{record.id}", icon="upload")
        if may_attach(actor, record)
        else None
    )
    return Tab("files", _("附件"), len(rows), Card(_("附件"), "files", files=items, more=more))


def _take_off(row: Attachment) -> Link:
    return Link(
        _("移除"), f"/files/{row.id}/remove", tone="risk", method="post",
        confirm=_("「%(name)s」不再显示在这里；系统仍留底备查。", name=row.name), confirm_title=_("移除这个附件？"),
    )  # fmt: skip


def file_item(row: Attachment, *, act: Link | None = None) -> FileItem:
    """A file that its record's page lists; its name leads to the page that shows it."""
    picture = row.mime in PICTURES
    return FileItem(
        row.name, f"/files/{row.id}/view", kind=row.name.rsplit(".", 1)[-1].upper(), size=file_size(row.size),
        who=row.uploaded_name, when=moment(row.uploaded_at), act=act,
        thumb=f"/files/{row.id}/thumb" if picture or row.mime == PDF else "",
        full=f"/files/{row.id}?inline=1" if picture else "",
    )  # fmt: skip
