"""客户, their phone numbers, 来电来访 and 跟进 (02 §2.4). What a customer owns carries his owner, so that every list obeys it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    bindparam,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, validates

from app.features.customers.choices import (
    AgeBand,
    AreaBand,
    ConsentChannel,
    ContactKind,
    CustomerState,
    Eligibility,
    Family,
    FollowMethod,
    FollowResult,
    Gender,
    Grade,
    Housing,
    IdKind,
    LostReason,
    Marital,
    NoPhoneReason,
    Outcome,
    PartyKind,
    Purpose,
    Register,
    Source,
    TotalBand,
    Transport,
)  # fmt: skip
from app.kernel.audiences import CustomerPapers
from app.kernel.base import Document, few, field, now, one_live_row, state_field
from app.kernel.chinese import mask_phone
from app.kernel.columns import Encrypted, Money, Rate
from app.kernel.constraints import sentence
from app.kernel.errors import RuleError

FIRST_FACTS = ("source", "source_detail", "first_kind", "first_at")
LIVE_PHONE = "uq_customer_phone_live"
KNOWN_NUMBER = "该号码已登记，请找主管判客"
ONE_VISIT = "uq_contact_turn"
sentence(ONE_VISIT, "这一轮的来访已经登记过，请到来电来访里查看")
sentence(LIVE_PHONE, KNOWN_NUMBER)  # two desks at once: the loser reads the same words as everybody


class Customer(CustomerPapers, Document):
    """客户: a person or company that asked for a home in one project; belongs to one consultant (归属顾问)."""

    __tablename__ = "customer"
    __label__ = "客户"
    __title__ = "name"
    __personal__ = frozenset({"name", "phones_masked"})
    __labels__: ClassVar[dict[str, str]] = {"phones_masked": "手机", "owner_id": "归属顾问"}
    __table_args__ = (  # what statistics and 意向分析 count at a million rows
        Index(
            "ix_customer_likeness", "project_id", "grade", "first_at", "visits", "source", "reserved_at", "signed_at"
        ),
        few("ix_customer_reserved_at", "project_id", "reserved_at", kept="reserved_at IS NOT NULL"),
        few("ix_customer_lost_at", "project_id", "lost_at", kept="lost_at IS NOT NULL"),
        # the nightly 公海 looks at those alone who were left alone too long
        Index(
            "ix_customer_pool_contact",
            "project_id",
            "state",
            "last_contact_at",
            "follow_due_on",
            "owner_since",
            "owner_id",
            "id",
        ),
        Index("ix_customer_pool_visit", "project_id", "state", "last_visit_at"),
        # as a list has them, with what its chips ask beside: a visit to each of ten thousand wide rows is what they cost
        Index("ix_customer_list_project_id", "project_id", "id", "follow_due_on"),
        Index("ix_customer_list_grade", "project_id", "grade", "id", "state"),
    )

    name: Mapped[str] = field("姓名", String(64), nullable=False, index=True)
    gender: Mapped[Gender | None] = field("性别", Gender)
    kind: Mapped[PartyKind] = field("客户类型", PartyKind, nullable=False, default=PartyKind.PERSON)
    state: Mapped[CustomerState] = state_field(CustomerState)
    grade: Mapped[Grade] = field("等级", Grade, nullable=False, auto=True)
    source: Mapped[Source] = field("认知途径", Source, nullable=False, auto=True)
    source_detail: Mapped[str] = field("具体媒体", String(64), nullable=False, default="", auto=True)
    first_kind: Mapped[ContactKind] = field("首次方式", ContactKind, nullable=False, auto=True)
    first_at: Mapped[datetime] = field("首次来电来访", DateTime, nullable=False, auto=True)
    last_contact_at: Mapped[datetime] = field("最近有效联系", DateTime, nullable=False, auto=True)
    last_visit_at: Mapped[datetime | None] = field("最近来访", DateTime, auto=True)
    follow_due_on: Mapped[date | None] = field("应跟进日", Date, auto=True)
    protected_until: Mapped[date | None] = field("保护到期", Date, auto=True)
    lost_reason: Mapped[LostReason | None] = field("流失原因", LostReason, auto=True)
    lost_to: Mapped[str | None] = field("购买的楼盘", String(64), auto=True)
    # what statistics count, kept by the acts themselves: reading a report must not walk through years of orders
    visits: Mapped[int] = field("来访次数", Integer, nullable=False, default=0, auto=True, unit="次")
    queued_at: Mapped[datetime | None] = field("首次认筹", DateTime, auto=True)
    reserved_at: Mapped[datetime | None] = field("首次认购", DateTime, auto=True)
    signed_at: Mapped[datetime | None] = field("首次签约", DateTime, auto=True)
    lost_at: Mapped[datetime | None] = field("流失时间", DateTime, auto=True)
    grade_kept_on: Mapped[date | None] = field("等级维持日", Date, auto=True)
    owner_since: Mapped[date | None] = field("归属自", Date, auto=True, default=lambda: now().date())
    owner_share: Mapped[Decimal | None] = field(
        "归属顾问占比", Rate, unit="%", auto=True
    )  # None = whole; the rest is the partner's

    wechat: Mapped[str | None] = field("微信", Encrypted, personal="phone")
    age_band: Mapped[AgeBand | None] = field("年龄段", AgeBand)
    birthday: Mapped[date | None] = field("生日", Date)
    register: Mapped[Register | None] = field("户籍", Register)
    occupation: Mapped[str | None] = field("职业", String(64))
    marital: Mapped[Marital | None] = field("婚姻", Marital)
    family: Mapped[Family | None] = field("家庭结构", Family)
    housing: Mapped[Housing | None] = field("居住状况", Housing)
    home_area: Mapped[str | None] = field("居住区域", String(64))
    work_area: Mapped[str | None] = field("工作区域", String(64))
    referrer: Mapped[str | None] = field("推荐人", String(64))

    purpose: Mapped[Purpose | None] = field("购房用途", Purpose)
    purchase_count: Mapped[int | None] = field("置业次数", Integer, unit="次")
    homes_owned: Mapped[int | None] = field("名下套数", Integer, unit="套")
    wanted_layout: Mapped[str | None] = field("意向户型", String(64))
    wanted_area: Mapped[AreaBand | None] = field("意向面积段", AreaBand)
    wanted_total: Mapped[TotalBand | None] = field("意向总价段", TotalBand)
    down_payment: Mapped[Decimal | None] = field("首付能力", Money, unit="元")
    concerns: Mapped[str | None] = field("关注点", String(500), long=True)
    resistance: Mapped[str | None] = field("抗性", String(500), long=True)
    eligibility: Mapped[Eligibility] = field("购房资格", Eligibility, nullable=False, default=Eligibility.UNCHECKED)
    eligibility_on: Mapped[date | None] = field("资格查询日", Date)
    eligibility_until: Mapped[date | None] = field("资格有效期", Date)

    id_kind: Mapped[IdKind | None] = field("证件类型", IdKind)
    id_number: Mapped[str | None] = field("证件号码", Encrypted, personal="id")
    id_digest: Mapped[str | None] = mapped_column(String(64), index=True)  # HMAC of the number: who comes twice
    id_address: Mapped[str | None] = field("证件地址", Encrypted, personal="address", wide=True)
    mail_address: Mapped[str | None] = field("送达地址", Encrypted, personal="address", wide=True)
    consent_version: Mapped[str | None] = field("同意书版本", String(32), auto=True)
    consent_channel: Mapped[ConsentChannel | None] = field("同意方式", ConsentChannel, auto=True)
    consent_at: Mapped[datetime | None] = field("同意时间", DateTime, auto=True)
    no_calls_at: Mapped[datetime | None] = field("停止营销联系", DateTime, auto=True)
    anonymised_at: Mapped[datetime | None] = field("匿名处理", DateTime, auto=True, index=True)

    phones: Mapped[list[CustomerPhone]] = relationship(back_populates="customer", order_by="CustomerPhone.id")

    @validates(*FIRST_FACTS)
    def first_source_stays(self, name: str, value: object) -> object:
        """The first source is never overwritten (02 §2.3.9); raises RuleError on an attempt to."""
        before = self.__dict__.get(name)
        if self.id is not None and before is not None and before != value:
            raise RuleError("首次认知途径和首次来电来访登记后不能修改；本次的途径请记在来电来访里")
        return value

    @property
    def live_phones(self) -> list[CustomerPhone]:
        """The numbers in use, the first one first."""
        return [p for p in self.phones if p.live]

    @property
    def phones_masked(self) -> str:
        """138****8888 of every number in use."""
        return "、".join(mask_phone(p.number) for p in self.live_phones)


class CustomerPhone(CustomerPapers, Document):
    """A phone number of a customer, encrypted; found by HMAC of the whole number and of its last four digits.

    live: in use, and its customer is not lost. A live number exists once in a project.
    """

    __tablename__ = "customer_phone"
    __label__ = "客户电话"
    __title__ = "masked"
    __table_args__ = (one_live_row("project_id", "digest", alive="live", name=LIVE_PHONE),)

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True)
    number: Mapped[str] = field("号码", Encrypted, personal="phone", nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False, index=True)  # HMAC of the whole number
    tail_digest: Mapped[str] = mapped_column(String(64), nullable=False, index=True)  # HMAC of the last four digits
    part_digest: Mapped[str | None] = mapped_column(String(64), index=True)  # HMAC of what 138****8888 shows
    belongs_to: Mapped[str] = field(
        "机主", String(32), nullable=False, default="本人", choices=("本人", "配偶", "父母", "子女")
    )
    live: Mapped[bool] = field("使用中", Boolean, nullable=False, default=True, auto=True)
    dropped_at: Mapped[datetime | None] = field("停用时间", DateTime, auto=True)

    customer: Mapped[Customer] = relationship(back_populates="phones")

    @property
    def masked(self) -> str:
        """138****8888"""
        return mask_phone(self.number)


class Contact(CustomerPapers, Document):
    """来电来访: one call or visit. Without a phone number (未留电) it has a reason and no customer; it counts, but founds no ownership."""

    __tablename__ = "contact"
    __label__ = "来电来访"
    __title__ = "title"
    __personal__ = frozenset({"title", "called"})
    __table_args__ = (
        CheckConstraint("(customer_id IS NULL) = (no_phone_reason IS NOT NULL)", name="known_or_without_phone"),
        CheckConstraint("late_reason IS NULL OR entered_late", name="reason_only_when_late"),
        one_live_row("turn_id", alive="turn_id IS NOT NULL", name=ONE_VISIT),
    )

    customer_id: Mapped[int | None] = field("客户", ForeignKey("customer.id"), index=True)
    at: Mapped[datetime] = field("日期时间", DateTime, nullable=False)
    kind: Mapped[ContactKind] = field("类型", ContactKind, nullable=False)
    called: Mapped[str | None] = field("称呼", String(64))
    receiver_id: Mapped[int] = field("接待人", Integer, nullable=False, lookup="person")
    place: Mapped[str] = field("接待点", String(32), nullable=False, default="案场")  # a word of the project's list
    turn: Mapped[str | None] = field("轮次", String(16), auto=True)
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("rotation_turn.id"))  # the line of the log that led here
    source: Mapped[Source] = field("本次途径", Source, nullable=False)
    source_detail: Mapped[str] = field("具体媒体", String(64), nullable=False, default="")
    people: Mapped[int] = field("人数", Integer, nullable=False, default=1, unit="人")
    companions: Mapped[str | None] = field("同行人", String(120), hint="配偶、父母等")
    transport: Mapped[Transport | None] = field("交通工具", Transport)
    home_area: Mapped[str | None] = field("居住区域", String(64))
    needs: Mapped[str | None] = field("需求", String(500), long=True)
    budget: Mapped[Decimal | None] = field("预算", Money, unit="元")
    liked: Mapped[str | None] = field("认可点", String(500), long=True)
    doubts: Mapped[str | None] = field("疑问点", String(500), long=True)
    rivals: Mapped[str | None] = field("竞品提及", String(120), hint="客户拿来比较的楼盘，几个用顿号隔开")
    stay_minutes: Mapped[int | None] = field("停留", Integer, unit="分钟")
    outcome: Mapped[Outcome | None] = field("结果", Outcome)
    next_follow_on: Mapped[date | None] = field("下次跟进", Date)
    no_phone_reason: Mapped[NoPhoneReason | None] = field("未留电原因", NoPhoneReason)
    entered_late: Mapped[bool] = field("补录", Boolean, nullable=False, default=False, auto=True)
    late_reason: Mapped[str | None] = field("补录原因", String(200), auto=True)

    customer: Mapped[Customer | None] = relationship()

    @property
    def title(self) -> str:
        """«11-24 10:42 首访 王伟»"""
        who = self.customer.name if self.customer else self.called or "未留电客户"
        return f"{self.at:%m-%d %H:%M} {self.kind.label} {who}"


class FollowUp(CustomerPapers, Document):
    """跟进: one attempt to reach a customer, what was said, what it changes."""

    __tablename__ = "follow_up"
    __label__ = "跟进记录"
    __title__ = "title"

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True)
    at: Mapped[datetime] = field("时间", DateTime, nullable=False)
    method: Mapped[FollowMethod] = field("方式", FollowMethod, nullable=False)
    result: Mapped[FollowResult] = field("结果", FollowResult, nullable=False)
    valid: Mapped[bool] = field("有效", Boolean, nullable=False, auto=True)
    content: Mapped[str] = field("内容", String(1000), nullable=False, long=True)
    grade_before: Mapped[Grade] = field("原等级", Grade, nullable=False, auto=True)
    grade_after: Mapped[Grade] = field("等级", Grade, nullable=False)
    next_on: Mapped[date | None] = field("下次跟进", Date)
    by_id: Mapped[int] = field("跟进人", Integer, nullable=False, auto=True, lookup="person")

    customer: Mapped[Customer] = relationship()

    @property
    def title(self) -> str:
        """«11-24 10:42 电话»"""
        return f"{self.at:%m-%d %H:%M} {self.method.label}"


def masked_numbers(session: Session, ids: list[int]) -> dict[int, object]:
    """What phones_masked says, for many customers in one statement."""
    found: dict[int, list[str]] = {}
    for customer_id, number in session.execute(_live_numbers(), {"ids": ids}):
        found.setdefault(customer_id, []).append(mask_phone(number))
    return {customer_id: "、".join(numbers) for customer_id, numbers in found.items()}


@lru_cache
def _live_numbers() -> Select[*tuple[Any, ...]]:
    """Of the customers `ids`; made once, because every page of customers asks it."""
    these = CustomerPhone.customer_id.in_(bindparam("ids", expanding=True))
    query = select(CustomerPhone.customer_id, CustomerPhone.number).where(these, CustomerPhone.live)
    return query.order_by(CustomerPhone.id)


Customer.__in_bulk__ = {"phones_masked": masked_numbers}
