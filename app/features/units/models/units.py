"""What is sold: buildings (楼栋), flat types (户型) and units (房源), each unit with its 销控 state (02 §2.2.1, §2.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.organisation.models import Permit
from app.kernel.audiences import ProjectPapers
from app.kernel.base import Document, field, state_field
from app.kernel.columns import Area, Money
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.states import Choice, State

FLOOR_PRICE_READERS = frozenset(
    {
        Post.SITE_MANAGER,
        Post.PROJECT_MANAGER,
        Post.SALES_ADMIN,
        Post.GENERAL_MANAGER,
        Post.DEVELOPER_SITE,
        Post.DEVELOPER_LEAD,
    }
)  # 07: nobody below learns it, in no form
HOLD_READERS = ALL_POSTS - {Post.CONSULTANT, Post.CHANNEL_OFFICER, Post.ADMIN}  # 02 §2.2.1: no reason for CON


class Works(Choice):
    """How far a building is (工程状态)."""

    BUILDING = ("building", "在建", "warn")
    TOPPED = ("topped", "已封顶", "info")
    DONE = ("done", "现房", "ok")


class Product(Choice):
    """What kind of thing is sold (产品类型)."""

    HIGH_RISE = ("high_rise", "高层住宅")
    LOW_RISE = ("low_rise", "洋房")
    VILLA = ("villa", "别墅")
    FLAT = ("flat", "公寓")
    OFFICE = ("office", "写字楼")
    SHOP = ("shop", "商铺")
    PARKING = ("parking", "车位")
    STORE = ("store", "储藏间")


class PricingBasis(Choice):
    """What the unit price multiplies (计价方式, 02 §2.3.1)."""

    BUILDING_AREA = ("building_area", "按建筑面积")
    INNER_AREA = ("inner_area", "按套内")
    WHOLE = ("whole", "按套")


class UnitState(State):
    """Who has the flat (销控状态): the codes are those of the board (look/tokens.md §1)."""

    WAIT = ("wait", "未推", "mute")
    FREE = ("free", "可售", "ok")
    HOLD = ("hold", "保留", "warn")
    LOCK = ("lock", "锁定", "cyan")
    BOOK = ("book", "小订", "plum")
    ORDER = ("order", "认购", "warn")
    DRAFT = ("draft", "草签", "plum")
    SIGN = ("sign", "签约", "info")
    HAND = ("hand", "交付", "mute")


RELEASED = frozenset(UnitState) - {UnitState.WAIT}  # counted as 推出
SOLD = frozenset({UnitState.ORDER, UnitState.DRAFT, UnitState.SIGN, UnitState.HAND})  # counted as 已售 in 去化率
TAKEN = frozenset({UnitState.LOCK, UnitState.BOOK, UnitState.ORDER, UnitState.DRAFT, UnitState.SIGN})


class Building(ProjectPapers, Document):
    """楼栋: a building of a project with the permit under which its units are sold."""

    __tablename__ = "building"
    __label__ = "楼栋"
    __title__ = "name"
    __table_args__ = (UniqueConstraint("project_id", "name", name="uq_building_name"),)

    name: Mapped[str] = field("名称", String(32), nullable=False, hint="例如：3栋")
    permit_id: Mapped[int | None] = field("预售证/现售备案", ForeignKey("permit.id"), nullable=True)
    floors: Mapped[int] = field("楼层数", Integer, nullable=False)
    sections: Mapped[int] = field("单元数", Integer, nullable=False, default=1)
    works: Mapped[Works] = field("工程状态", Works, nullable=False, default=Works.BUILDING)
    position: Mapped[int] = field("排列顺序", Integer, nullable=False, default=0, hint="销控表上的先后")
    permit: Mapped[Permit | None] = relationship()


class UnitType(ProjectPapers, Document):
    """户型: a plan shared by many units."""

    __tablename__ = "unit_type"
    __label__ = "户型"
    __title__ = "name"
    __table_args__ = (
        UniqueConstraint("project_id", "name", name="uq_unit_type_name"),
        CheckConstraint("inner_area <= building_area", name="areas"),
    )

    name: Mapped[str] = field("名称", String(16), nullable=False, hint="例如：B")
    layout: Mapped[str] = field("房型", String(64), nullable=False, default="", hint="例如：三房两厅两卫")
    building_area: Mapped[Decimal] = field("建筑面积", Area, nullable=False, unit="㎡")
    inner_area: Mapped[Decimal] = field("套内面积", Area, nullable=False, unit="㎡")


class Unit(ProjectPapers, Document):
    """房源: one flat, shop or parking place. Its main state says who has it; `stopped` overrides what may be done.

    held_* are set while a 保留 runs, lock_* while a 销控 runs; reservation_id is the live order (of `deals`), whose lock,
    order or contract has the unit. board_version counts touches from papers that the board shows beside the unit.
    """

    __tablename__ = "unit"
    __label__ = "房源"
    __title__ = "full_name"
    __table_args__ = (
        UniqueConstraint("project_id", "full_name", name="uq_unit_full_name"),
        CheckConstraint("building_area > 0 AND inner_area > 0 AND inner_area <= building_area", name="areas"),
        CheckConstraint("(held_until IS NULL) = (hold_by IS NULL)", name="hold_dated"),
        CheckConstraint("(lock_by IS NULL) = (locked_at IS NULL)", name="lock_dated"),
        Index("ix_unit_board", "building_id", "project_id", "version"),  # the polls read only it
        Index("ix_unit_lock_until", "lock_until"),
    )

    building_id: Mapped[int] = field("楼栋", ForeignKey("building.id"), nullable=False, index=True)
    section: Mapped[str] = field("单元", String(16), nullable=False, default="", hint="没有单元的留空")
    floor: Mapped[int] = field("楼层", Integer, nullable=False)
    room: Mapped[str] = field("房号", String(16), nullable=False, hint="例如：1102")
    full_name: Mapped[str] = field("全名", String(64), nullable=False, auto=True)
    product: Mapped[Product] = field("产品类型", Product, nullable=False, default=Product.HIGH_RISE)
    unit_type_id: Mapped[int | None] = field("户型", ForeignKey("unit_type.id"), nullable=True, index=True)
    aspect: Mapped[str] = field(
        "朝向", String(16), nullable=False, default="", choices=("南北", "南", "东南", "西南", "东", "西", "北")
    )
    view: Mapped[str] = field("景观", String(32), nullable=False, default="")
    building_area: Mapped[Decimal] = field("建筑面积", Area, nullable=False, unit="㎡")
    inner_area: Mapped[Decimal] = field("套内面积", Area, nullable=False, unit="㎡")
    balcony_area: Mapped[Decimal | None] = field("阳台面积", Area, nullable=True, unit="㎡")
    garden_area: Mapped[Decimal | None] = field("花园面积", Area, nullable=True, unit="㎡")
    storey_height: Mapped[Decimal | None] = field("层高", Area, nullable=True, unit="米")
    surveyed_area: Mapped[Decimal | None] = field("实测建筑面积", Area, nullable=True, unit="㎡")
    surveyed_inner: Mapped[Decimal | None] = field("实测套内面积", Area, nullable=True, unit="㎡")
    pricing_basis: Mapped[PricingBasis] = field(
        "计价方式", PricingBasis, nullable=False, default=PricingBasis.BUILDING_AREA
    )
    list_unit_price: Mapped[Decimal | None] = field("表价单价", Money, nullable=True, unit="元/㎡", auto=True)
    list_total: Mapped[Decimal | None] = field("表价总价", Money, nullable=True, unit="元", auto=True)
    filed_unit_price: Mapped[Decimal | None] = field("备案单价", Money, nullable=True, unit="元/㎡", auto=True)
    filed_total: Mapped[Decimal | None] = field("备案总价", Money, nullable=True, unit="元", auto=True)
    floor_unit_price: Mapped[Decimal | None] = field(
        "底价单价", Money, nullable=True, unit="元/㎡", auto=True, readers=FLOOR_PRICE_READERS
    )
    finish: Mapped[str] = field("装修标准", String(64), nullable=False, default="")
    finish_price: Mapped[Decimal | None] = field("装修款", Money, nullable=True, unit="元")
    attached_to_id: Mapped[int | None] = field(
        "附属于", ForeignKey("unit.id"), nullable=True, hint="车位、储藏间随哪套房一起卖"
    )
    permit_id: Mapped[int | None] = field("预售证/现售备案", ForeignKey("permit.id"), nullable=True, index=True)
    batch_id: Mapped[int | None] = field(
        "推盘批次", ForeignKey("release_batch.id"), nullable=True, auto=True, index=True
    )
    entry_id: Mapped[int | None] = field("录入单", ForeignKey("unit_entry.id"), nullable=True, auto=True, index=True)
    confirmed: Mapped[bool] = field("资料已核准", Boolean, nullable=False, default=False, auto=True)
    mortgaged: Mapped[bool] = field("在建工程抵押", Boolean, nullable=False, default=False)
    mortgage_consent_no: Mapped[str] = field("抵押权人同意销售函编号", String(64), nullable=False, default="")
    mortgage_consent_on: Mapped[date | None] = field("同意销售函日期", Date, nullable=True)
    seized: Mapped[bool] = field("查封", Boolean, nullable=False, default=False)
    stopped: Mapped[bool] = field("停售", Boolean, nullable=False, default=False, auto=True)
    state: Mapped[UnitState] = state_field(UnitState, "销控状态")

    held_for: Mapped[str] = field(
        "保留给", String(64), nullable=False, default="", auto=True, personal="name", readers=HOLD_READERS
    )
    held_for_id: Mapped[int | None] = mapped_column(Integer)
    held_until: Mapped[datetime | None] = field("保留到", DateTime, nullable=True, auto=True, readers=HOLD_READERS)
    hold_by: Mapped[int | None] = mapped_column(Integer)
    lock_by: Mapped[int | None] = mapped_column(Integer)
    lock_team_id: Mapped[int | None] = mapped_column(Integer)
    locked_at: Mapped[datetime | None] = mapped_column(DateTime)
    lock_until: Mapped[datetime | None] = mapped_column(DateTime)
    lock_extended: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    reservation_id: Mapped[int | None] = mapped_column(Integer, index=True)
    wishes: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    board_version: Mapped[int] = mapped_column(Integer, nullable=False, default=0)

    online_signed_on: Mapped[date | None] = field("网签日", Date, nullable=True, auto=True)
    filed_on: Mapped[date | None] = field("备案日", Date, nullable=True, auto=True)
    loan_state: Mapped[str] = field("按揭进度", String(16), nullable=False, default="", auto=True)
    difference_state: Mapped[str] = field("面积补差", String(16), nullable=False, default="", auto=True)
    handed_on: Mapped[date | None] = field("交付日", Date, nullable=True, auto=True)
    title_state: Mapped[str] = field("产权状态", String(16), nullable=False, default="", auto=True)

    building: Mapped[Building] = relationship()
    unit_type: Mapped[UnitType | None] = relationship()
    permit: Mapped[Permit | None] = relationship()
    batch: Mapped[Any] = relationship("ReleaseBatch")
    entry: Mapped[Any] = relationship("UnitEntry")
    attached_to: Mapped[Unit | None] = relationship(remote_side="Unit.id")
