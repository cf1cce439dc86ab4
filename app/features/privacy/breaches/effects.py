"""What follows on a leak: its clock, whom it wakes, what was done and who was told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.features.privacy.breaches.models import Breach
from app.features.privacy.breaches.rules import due_at
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act


def begin(session: Session, paper: Breach) -> None:
    """Number and clock. Raises RuleError for a moment in the future or nobody concerned."""
    if paper.found_at > now():
        raise RuleError("发现时间不能晚于现在", field="found_at")
    if paper.persons < 0:
        raise RuleError("涉及人数不能为负数", field="persons")
    paper.due_at = due_at(paper.found_at, parameter(session, paper.project_id, "breach_hours"))
    paper.number = paper.number or number_for(session, paper, now().date())


def tell(session: Session, paper: Breach) -> None:
    """The heads at once, in their quiet hours too."""
    notify_posts(
        session, (Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN), paper.project_id,
        f"泄露事件 {paper.number}：{paper.kind.label}，{paper.due_at:%m-%d %H:%M} 前上报", url=f"/privacy-breach/show/{paper.id}",
        kind=NoticeKind.ALARM, urgent=True, outside="登记了一起个人信息泄露事件",
    )  # fmt: skip


def contain(act: Act) -> None:
    act.document.measures, act.document.contained_at = act.form["measures"], act.at


def report(act: Act) -> None:
    """Whom it was told, or why not: the law lets it rest where no harm can follow."""
    paper: Breach = act.document
    paper.authority, paper.told_persons, paper.reported_at = act.form["authority"], act.form["told_persons"], act.at


def close(act: Act) -> None:
    act.document.cause = act.form["cause"]
