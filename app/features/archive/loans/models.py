"""What is a 借阅: who borrows which paper, what for and until when (02 §2.4, §2.5.8)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.features.archive.papers.models import Paper
from app.features.archive.site_files.models import SiteFile
from app.kernel.audiences import AgencyPapers, DealPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import State

FILERS = frozenset({Post.CLERK, Post.CONTRACT_OFFICER})
ALIVE = "state IN ('review', 'approved', 'lent')"
LIVE_LOAN, LIVE_FILE_LOAN = "uq_loan_live_paper", "uq_file_loan_live_paper"
for _name in (LIVE_LOAN, LIVE_FILE_LOAN):
    sentence(_name, "这份资料已在借阅办理中或已借出，归还后才能再借")


class LoanState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    APPROVED = ("approved", "待领取", "warn")
    LENT = ("lent", "借出", "plum")
    RETURNED = ("returned", "已归还", "ok")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "已取消", "mute")


class Borrowing:
    """Columns of every loan: of a household's paper and of a site file alike."""

    __labels__: ClassVar[dict[str, str]] = {"who": "借阅人"}

    borrower_id: Mapped[int | None] = field("借阅人", ForeignKey("person.id"), hint="本项目的同事")
    outsider: Mapped[str] = field(
        "外部借阅人", String(64), nullable=False, default="", hint="甲方、银行等没有账号的人，写单位和姓名"
    )
    purpose: Mapped[str] = field("用途", String(200), nullable=False)
    due_on: Mapped[date | None] = field("应还日期", Date, index=True, hint="不填按项目的借阅归还期限计算")
    lent_at: Mapped[datetime | None] = field("借出时间", DateTime, auto=True)
    receiver: Mapped[str] = field("领取签收", String(64), nullable=False, default="", auto=True)
    returned_on: Mapped[date | None] = field("归还日期", Date, auto=True)
    condition: Mapped[str] = field("归还情况", String(200), nullable=False, default="", auto=True)
    told_on: Mapped[date | None] = mapped_column(Date)  # of being overdue
    submitted_by: Mapped[int | None] = mapped_column(Integer)

    @declared_attr
    def borrower(cls) -> Mapped[Any]:  # noqa: N805 - SQLAlchemy passes the class
        return relationship("Person")

    @property
    def who(self) -> str:
        """The borrower's name, of the house or from outside."""
        return str(self.borrower) if self.borrower is not None else self.outsider


class Loan(Borrowing, Numbered, DealPapers, Document):
    """借阅 of a household's paper."""

    __tablename__ = "loan"
    __label__ = "借阅"
    __number__ = "DJ"
    __table_args__ = (one_live_row("paper_id", alive=ALIVE, name=LIVE_LOAN),)

    paper_id: Mapped[int] = field("资料", ForeignKey("paper.id"), nullable=False, index=True)
    state: Mapped[LoanState] = state_field(LoanState)

    paper: Mapped[Paper] = relationship()

    def __str__(self) -> str:
        return self.number or f"借阅 {self.paper or ''}".strip()


class FileLoan(Borrowing, Numbered, AgencyPapers, Document):
    """借阅 of a site file."""

    __tablename__ = "file_loan"
    __label__ = "现场文件借阅"
    __number__ = "JW"
    __table_args__ = (one_live_row("paper_id", alive=ALIVE, name=LIVE_FILE_LOAN),)

    paper_id: Mapped[int] = field("现场文件", ForeignKey("site_file.id"), nullable=False, index=True)
    state: Mapped[LoanState] = state_field(LoanState)

    paper: Mapped[SiteFile] = relationship()

    def __str__(self) -> str:
        return self.number or f"现场文件借阅 {self.paper or ''}".strip()
