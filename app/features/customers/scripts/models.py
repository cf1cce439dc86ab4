"""What is a 统一口径: a question, the answer that everybody gives, what must not be promised; one row a version."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import Choice, State

AUTHORS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})
VALID_ONCE, ONE_DRAFT = "uq_sales_script_valid", "uq_sales_script_being_revised"
sentence(VALID_ONCE, "这条口径已有现行版本，请刷新后再试")
sentence(ONE_DRAFT, "这条口径已有一个版本在修订中，请先办完那一个版本")


class ScriptKind(Choice):
    """What it is for."""

    ANSWER = ("answer", "答客问", "info")
    OPENING = ("opening", "说辞", "ok")
    OBJECTION = ("objection", "异议应对", "warn")


class Topic(Choice):
    """What customers ask about; their doubts are brought together with answers by it."""

    PRICE = ("price", "价格优惠")
    LOAN = ("loan", "首付贷款")
    DELIVERY = ("delivery", "交付工期")
    PRODUCT = ("product", "户型质量")
    LOCATION = ("location", "区位配套")
    SCHOOL = ("school", "教育学区")
    RIVAL = ("rival", "竞品对比")
    PROPERTY = ("property", "物业产权")
    TIMING = ("timing", "入市时机")
    OTHER = ("other", "其他")


class ScriptState(State):
    DRAFT = ("draft", "起草", "mute")
    REVIEW = ("review", "待审定", "warn")
    VALID = ("valid", "现行", "ok")
    SUPERSEDED = ("superseded", "已被新版取代", "mute")
    WITHDRAWN = ("withdrawn", "已停用", "bad")
    VOID = ("void", "作废", "mute")


AT_WORK = (ScriptState.DRAFT, ScriptState.REVIEW)


class SalesScript(Numbered, AgencyPapers, Document):
    """统一口径, one row a version. origin_id is the id of the first version, shared by all."""

    __tablename__ = "sales_script"
    __label__ = "统一口径"
    __number__ = "KJ"
    __file_writers__ = AUTHORS
    __table_args__ = (
        one_live_row("origin_id", alive="state = 'valid'", name=VALID_ONCE),
        one_live_row("origin_id", alive="state IN ('draft', 'review')", name=ONE_DRAFT),
    )

    title: Mapped[str] = field(
        "客户怎么问", String(120), nullable=False, wide=True, hint="用客户的话写，例如：为什么比隔壁贵"
    )
    kind: Mapped[ScriptKind] = field("类别", ScriptKind, nullable=False, default=ScriptKind.ANSWER)
    topic: Mapped[Topic] = field("话题", Topic, nullable=False)
    content: Mapped[str] = field("统一回答", Text, nullable=False, long=True)
    never: Mapped[str] = field(
        "不得承诺", String(500), nullable=False, default="", long=True, hint="不能说的话、没有依据的承诺"
    )
    basis: Mapped[str] = field(
        "依据", String(200), nullable=False, default="", wide=True, hint="公示、合同条款、文件编号"
    )
    changes: Mapped[str] = field(
        "修订说明", String(500), nullable=False, default="", long=True, hint="这一版改了什么、为什么"
    )
    revision: Mapped[int] = field("版本", Integer, nullable=False, default=1, auto=True)
    origin_id: Mapped[int | None] = mapped_column(Integer, index=True)
    valid_from: Mapped[date | None] = field("启用日", Date, auto=True)
    ended_on: Mapped[date | None] = field("停用日", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[ScriptState] = state_field(ScriptState)

    def __str__(self) -> str:
        return f"{self.title} 第 {self.revision} 版" if self.title else "统一口径"
