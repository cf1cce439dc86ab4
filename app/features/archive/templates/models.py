"""What is a 文书模板: one version of a Word template of one kind of printed paper."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, field, one_live_row, state_field
from app.kernel.constraints import sentence
from app.kernel.papers.kinds import PRINTED
from app.kernel.posts import Post
from app.kernel.states import State

AUTHORS = frozenset({Post.CLERK, Post.CONTRACT_OFFICER, Post.SUPERVISOR})
IN_USE_ONCE, ONE_DRAFT = "uq_paper_template_in_use", "uq_paper_template_draft"
sentence(IN_USE_ONCE, "这种文书已有使用中的模板，请刷新后再试")
BEING_CHANGED = "这种文书已有一份模板在修改或待审，请先办完那一份"
sentence(ONE_DRAFT, BEING_CHANGED)


class TemplateState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "待审", "warn")
    IN_USE = ("in_use", "使用中", "ok")
    SUPERSEDED = ("superseded", "已被新版取代", "mute")
    RETIRED = ("retired", "已停用", "mute")
    VOID = ("void", "作废", "mute")


class PaperTemplate(AgencyPapers, Document):
    """文书模板, one row a version. paper_key is a key of kernel/papers; the file in use is `file_id`, known by its content."""

    __tablename__ = "paper_template"
    __label__ = "文书模板"
    __file_writers__ = AUTHORS
    __table_args__ = (
        one_live_row("project_id", "paper_key", alive="state = 'in_use'", name=IN_USE_ONCE),
        one_live_row("project_id", "paper_key", alive="state IN ('draft', 'review')", name=ONE_DRAFT),
    )

    paper_key: Mapped[str] = mapped_column(String(40), nullable=False, index=True)
    title: Mapped[str] = field("文书", String(60), nullable=False, auto=True)
    revision: Mapped[int] = field("版本", Integer, nullable=False, default=1, auto=True)
    changes: Mapped[str] = field(
        "修改说明", String(500), nullable=False, long=True, hint="这一版改了什么、为什么，审核人据此判断"
    )
    file_id: Mapped[int | None] = mapped_column(Integer)
    file_sha256: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    file_name: Mapped[str] = field("模板文件", String(160), nullable=False, default="", auto=True)
    in_use_on: Mapped[date | None] = field("启用日期", Date, auto=True)
    ended_on: Mapped[date | None] = field("停用日期", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[TemplateState] = state_field(TemplateState)

    @property
    def kept_files(self) -> frozenset[int]:
        """The reviewed file stays as it was reviewed."""
        drafted = self.state is TemplateState.DRAFT
        return frozenset() if drafted or self.file_id is None else frozenset({self.file_id})

    def __str__(self) -> str:
        return f"{self.title} 第 {self.revision} 版" if self.title else "文书模板"


def kind_label(key: str) -> str:
    """The paper that a key names; the key itself for a kind that the product no longer has."""
    return PRINTED[key].label if key in PRINTED else key
