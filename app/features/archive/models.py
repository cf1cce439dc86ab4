"""What every filed paper is, whether of a household or of the site: form, copies, place, how long it is kept (02 §2.5.8)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Date, DateTime, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.base import FieldFacts, Numbered, field, now
from app.kernel.states import Choice, State


class Medium(Choice):
    """What lies in the box."""

    ORIGINAL = ("original", "原件")
    COPY = ("copy", "复印件")
    ELECTRONIC = ("electronic", "电子件")


class Retention(Choice):
    """保管期限: how long a paper is kept; the years are parameters (02 §2.5.8)."""

    PERMANENT = ("permanent", "永久")
    CONTRACT = ("contract", "合同（履行完毕后起算）")
    ACCOUNTING = ("accounting", "会计凭证")
    IDENTITY = ("identity", "客户身份资料")
    ORDINARY = ("ordinary", "一般资料")
    VISITOR = ("visitor", "未成交客户资料")


class Stage(Choice):
    """How far a household is, in order; each stage demands papers (02 §2.5.8–2.5.9)."""

    ORDER = ("order", "认购")
    SIGN = ("sign", "签约")
    LOAN = ("loan", "按揭")
    FILING = ("filing", "备案")
    HANDOVER = ("handover", "交楼")
    TITLE = ("title", "办证")


class Payment(Choice):
    """How the household pays; with the loan come the bank's papers."""

    LUMP_SUM = ("lump_sum", "一次性")
    MORTGAGE = ("mortgage", "按揭")
    INSTALMENTS = ("instalments", "分期")
    COMBINED = ("combined", "组合")


class Applies(Choice):
    """Of which households a kind of paper is demanded."""

    ALL = ("all", "所有客户")
    LOAN = ("loan", "按揭和组合贷款")
    FUND = ("fund", "用公积金的客户")


class PaperState(State):
    """Where a paper is."""

    EXPECTED = ("expected", "待归档", "warn")
    IN = ("in", "在库", "ok")
    LENT = ("lent", "借出", "plum")
    HANDED = ("handed", "已移交", "info")
    DOOMED = ("doomed", "待销毁", "bad")
    DESTROYED = ("destroyed", "已销毁", "mute")
    VOID = ("void", "作废", "mute")


class FileNumbered(Numbered):
    """Numbered by its place on file: 档号."""

    number: Mapped[str | None] = mapped_column(
        "number", info={"field": FieldFacts("档号", auto=True)}, nullable=True, unique=True, index=True, default=None
    )


class Filed:
    """Columns of every filed paper. sealed_digest covers the files as they were when it was sealed (电子签名法 §5)."""

    title: Mapped[str] = field("资料名称", String(120), nullable=False)
    medium: Mapped[Medium] = field("原件/复印", Medium, nullable=False, default=Medium.ORIGINAL)
    copies: Mapped[int] = field("份数", Integer, nullable=False, default=1, unit="份")
    pages: Mapped[int | None] = field("页数", Integer, unit="页")
    received_on: Mapped[date] = field("收到日期", Date, nullable=False, default=lambda: now().date(), index=True)
    received_from: Mapped[str] = field("来自", String(64), nullable=False, default="", hint="交来资料的人或单位")
    box: Mapped[str] = field("盒号", String(32), nullable=False, default="")
    shelf: Mapped[str] = field("柜位", String(32), nullable=False, default="", hint="例如「2 柜 3 层」")
    note: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)
    keeper_id: Mapped[int | None] = field("保管人", Integer, auto=True, lookup="person")
    retention: Mapped[Retention] = field("保管期限", Retention, nullable=False, default=Retention.ORDINARY)
    keep_until: Mapped[date | None] = field("保管至", Date, auto=True, index=True)
    sealed_at: Mapped[datetime | None] = field("封存时间", DateTime, auto=True)
    sealed_digest: Mapped[str | None] = mapped_column(String(64))
    sealed_files: Mapped[list[int]] = mapped_column(JSON, nullable=False, default=list)
    asked_by: Mapped[int | None] = mapped_column(Integer)  # who asked for the destruction: a second person decides

    @property
    def kept_files(self) -> frozenset[int]:
        """A sealed paper gives none of its sealed files away."""
        return frozenset(self.sealed_files or ())
