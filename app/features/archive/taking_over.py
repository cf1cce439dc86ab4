"""归档 by one click: a file that lies with the order, the contract or a change becomes a paper of the household."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.features.archive.folders.models import Folder, PaperKind
from app.features.archive.models import Medium
from app.features.archive.papers.effects import belong_to
from app.features.archive.papers.models import Paper
from app.features.archive.registry import SOURCES
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment, Received, attach, files_of
from app.kernel.errors import NotFound, RuleError
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.inputs import Parsed, Wanted, parse
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Crumb, Option
from app.kernel.screens.saving import new_key
from app.kernel.workflow import as_step, fire


def unfiled(session: Session, actor: Actor, folder: Folder) -> list[Attachment]:
    """Files of the household's records whose content no paper of the folder shows yet, oldest first."""
    owners = [record for sources in SOURCES for record in sources(session, folder)]
    papers = select(Paper.id).where(Paper.folder_id == folder.id)
    filed = select(Attachment.sha256).where(
        Attachment.owner_table == Paper.__tablename__, Attachment.owner_id.in_(papers), Attachment.removed_at.is_(None)
    )
    known = set(session.scalars(filed))
    return [row for owner in owners for row in files_of(session, owner) if row.sha256 not in known]


def source_file(session: Session, actor: Actor, folder: Folder, file_id: int) -> Attachment:
    """One of these files. Raises NotFound for any other."""
    found = next((row for row in unfiled(session, actor, folder) if row.id == file_id), None)
    if found is None:
        raise NotFound("attachment")
    return found


def _kinds(folder: Folder) -> list[PaperKind]:
    query = select(PaperKind).where(PaperKind.project_id == folder.project_id, PaperKind.active)
    return list(db.session.scalars(query.order_by(PaperKind.position)))


def _wanted(folder: Folder) -> list[Wanted]:
    kinds = tuple((str(kind.id), kind.name) for kind in _kinds(folder))
    return [
        Wanted("kind_id", _("资料种类"), "choice", True, kinds),
        Wanted("title", _("资料名称"), "text", False, limit=120),
        Wanted("medium", _("原件/复印"), "choice", True, Medium),
        Wanted("copies", _("份数"), "integer", True),
    ]


def file_form(
    view: Any, folder: Folder, given: Attachment, parsed: Parsed | None, errors: tuple[str, ...] = ()
) -> FormPage:
    """Which kind of paper the file is; the name of the file guesses it."""
    kinds = _kinds(folder)
    guess = next((kind.id for kind in kinds if kind.name[:2] in given.name), None)
    start = {"kind_id": str(guess or ""), "medium": Medium.ELECTRONIC.value, "copies": "1", "title": ""}
    typed = parsed.typed if parsed else start
    wrong = parsed.errors if parsed else {}

    def one(name: str, label: str, kind: Any = "text", **more: Any) -> FormField:
        return FormField(name, label, kind, value=typed.get(name, ""), errors=tuple(wrong.get(name, ())), **more)

    media = tuple(Option(m.value, m.label) for m in Medium)
    fields = (
        one("kind_id", _("资料种类"), "select", required=True, options=tuple(Option(str(k.id), k.name) for k in kinds)),
        one("title", _("资料名称"), hint=_("不填就用资料种类的名称")),
        one(
            "medium",
            _("原件/复印"),
            "select",
            required=True,
            options=media,
            hint=_("盒里放的是什么；只有文件就选电子件"),
        ),
        one("copies", _("份数"), "number", required=True),
    )
    return FormPage(
        title=_("归档：%(name)s", name=given.name), sections=(FormSection("", fields),), submit_label=_("归档"),
        back_url=view.show_url(folder.id), crumbs=(Crumb(str(view.title), view.list_url()), Crumb(str(folder), view.show_url(folder.id)),
        Crumb(_("归档"))), errors=errors, key=request.form.get("_key") or new_key(),
    )  # fmt: skip


def file_it(view: Any, folder: Folder, given: Attachment) -> Any:
    """POST: the paper with the same content; the file stays where it was, too."""
    actor, pk = view.actor(), folder.id
    parsed = parse(db.session(), _wanted(folder), request.form)
    if parsed.errors:
        return render_template("doc/form.html", page=file_form(view, folder, given, parsed)), 422
    values, content = parsed.values, Received(given.name, given.mime, given.size, given.sha256)
    source = (given.owner_table, given.owner_id)

    def work() -> str:
        session = db.session()
        fresh = view.find(pk)
        kind = session.get_one(PaperKind, int(values["kind_id"]))
        paper = Paper(folder_id=fresh.id, kind_id=kind.id, title=values["title"] or "", medium=values["medium"],
                      copies=values["copies"], received_from=actor.name)  # fmt: skip
        paper.source, paper.source_id = source
        belong_to(paper, fresh, kind)
        with as_step(session):
            session.add(paper)
            session.flush()
            attach(session, actor, paper, content)
        fire(session, paper, "file", actor, internal=True)
        return f"{view.show_url(pk)}#pane-papers"

    try:
        location = once(
            db.session, actor.person_id, request.form.get("_key", ""), body_digest(request.form.items(multi=True)), work
        )
    except RuleError as error:
        return render_template(
            "doc/form.html", page=file_form(view, view.find(pk), given, parsed, (str(error),))
        ), error.status
    flash(_("已归档"), "success")
    return redirect(location)
