"""What is a 现场文件: a paper of the site itself, agency-internal (02 §2.5.8)."""

from __future__ import annotations

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped

from app.features.archive.models import Filed, FileNumbered, PaperState
from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, field, now, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice

FILERS = frozenset({Post.CLERK, Post.CONTRACT_OFFICER})


class SiteCategory(Choice):
    """What a site keeps beside its households (02 §2.5.8)."""

    RULES = ("rules", "制度")
    LETTERS = ("letters", "收发文")
    REPORTS = ("reports", "日周月报")
    MINUTES = ("minutes", "会议记录")
    SURVEYS = ("surveys", "调研")
    SAMPLES = ("samples", "宣传品样本")
    AGREEMENTS = ("agreements", "对外合同")
    OTHER = ("other", "其他")


class SiteFile(Filed, FileNumbered, AgencyPapers, Document):
    """现场文件. Its number is the 档号 «项目-类-年-序»."""

    __tablename__ = "site_file"
    __label__ = "现场文件"
    __file_writers__ = FILERS

    category: Mapped[SiteCategory] = field("类别", SiteCategory, nullable=False, index=True)
    year: Mapped[int] = field("年度", Integer, nullable=False, default=lambda: now().year, index=True)
    state: Mapped[PaperState] = state_field(PaperState)

    def __str__(self) -> str:
        return f"{self.number} {self.title}" if self.number else self.title or "现场文件"
