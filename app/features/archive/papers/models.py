"""What is a 资料: one paper of a household (02 §2.5.8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.archive.models import Filed, FileNumbered, PaperState
from app.kernel.audiences import DealPapers
from app.kernel.base import Document, field, state_field
from app.kernel.posts import Post

FILERS = frozenset({Post.CLERK, Post.CONTRACT_OFFICER})


class Paper(Filed, FileNumbered, DealPapers, Document):
    """资料. Its number is the 档号, given when it comes in. unit_name and customer_name are those of its folder, so that
    it is found by them; source names the record of the product that it shows («receipt», its id)."""

    __tablename__ = "paper"
    __label__ = "资料"
    __personal__ = frozenset({"customer_name"})
    __file_writers__ = FILERS
    __table_args__ = (Index("ix_paper_source", "source", "source_id"),)

    folder_id: Mapped[int] = field("户档", ForeignKey("folder.id"), nullable=False, index=True)
    kind_id: Mapped[int] = field("资料种类", ForeignKey("paper_kind.id"), nullable=False, index=True)
    title: Mapped[str] = field("资料名称", String(120), nullable=False, default="", hint="不填就用资料种类的名称")
    unit_name: Mapped[str] = field("房源", String(64), nullable=False, default="", auto=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    due_on: Mapped[date | None] = field("应归档日", Date, auto=True, index=True)
    source: Mapped[str | None] = mapped_column(String(64))
    source_id: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[PaperState] = state_field(PaperState)

    folder: Mapped[Any] = relationship("Folder")
    kind: Mapped[Any] = relationship("PaperKind")

    def __str__(self) -> str:
        return f"{self.number} {self.title}" if self.number else self.title or "资料"
