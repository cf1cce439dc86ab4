"""Customers, calls and visits from tables: matched by phone digest, owned and protected as if typed one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.customers import rules
from app.features.customers.choices import (
    ContactKind,
    Grade,
    NoPhoneReason,
    Outcome,
    Source,
)
from app.features.customers.effects import Arrival, NewCustomer, register, without_phone
from app.features.customers.effects.arrival import check_registration, moment_told, receiver_told
from app.features.customers.models import Contact
from app.features.customers.name_lookup import customers_by_number, numbers_in
from app.kernel.errors import RuleError
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks
from app.kernel.posts import Post
from app.kernel.workflow import fire

PHONE_HEADS = ("手机号", "手机号码", "电话", "联系电话", "电话号码", "联系方式")
OWNER_HEADS = ("归属顾问", "置业顾问", "顾问", "接待顾问", "业务员", "销售员")
SOURCE_WORDS = {
    "中介": "渠道中介",
    "分销": "渠道中介",
    "网络": "网络媒体",
    "朋友圈": "微信朋友圈",
    "老业主": "老带新",
    "自然到访": "路过",
    "户外": "户外广告",
}
KIND_WORDS = {"来访": "首访", "初访": "首访", "再访": "复访", "回访": "复访", "电话": "来电"}
PROFILE = (
    "gender", "age_band", "birthday", "register", "occupation", "marital", "family", "housing", "home_area", "work_area",
    "referrer", "purpose", "purchase_count", "homes_owned", "wanted_layout", "wanted_area", "wanted_total", "down_payment", "concerns", "resistance",
)  # fmt: skip
NOTED = (
    "people",
    "transport",
    "home_area",
    "needs",
    "budget",
    "liked",
    "doubts",
    "rivals",
    "companions",
    "stay_minutes",
    "outcome",
    "next_follow_on",
)
BY_TABLE = "批量导入"


def _late(desk: Desk, values: Values) -> str:
    return values.get("late_reason") or (BY_TABLE if desk.actor.holds({Post.SUPERVISOR}, desk.project_id) else "")


def _arrival(desk: Desk, values: Values) -> dict[str, Any]:
    """What of a row tells of the call or visit; a supervisor's table is its own reason for coming late (_late)."""
    return {
        "kind": values.get("kind") or ContactKind.FIRST_VISIT, "source": values["source"], "at": values.get("at"),
        "source_detail": values.get("source_detail") or "", "receiver_id": values.get("receiver_id"), "late_reason": _late(desk, values),
        "noted": {name: values[name] for name in NOTED if values.get(name) not in (None, "")},
    }  # fmt: skip


def new_customer(desk: Desk, values: Values) -> NewCustomer:
    """A row as the reception page would hand it over."""
    return NewCustomer(
        **_arrival(desk, values), name=values.get("name") or "", phones=numbers_in(values.get("phone")),
        grade=values.get("grade") or Grade.C,
        profile={name: values[name] for name in PROFILE if values.get(name) not in (None, "")},
    )  # fmt: skip


def check_customer(desk: Desk, values: Values) -> None:
    """As the reception page refuses."""
    check_registration(desk.actor, desk.project_id, new_customer(desk, values))


def _name(_desk: Desk, values: Values) -> None:
    rules.person_name(values.get("name") or "")


def _numbers(_desk: Desk, values: Values) -> None:
    rules.phones(numbers_in(values.get("phone")))


def _moment(desk: Desk, values: Values) -> None:
    moment_told(desk.actor, desk.project_id, values.get("at"), _late(desk, values))


def _receiver(desk: Desk, values: Values) -> None:
    receiver_told(desk.actor, desk.project_id, values.get("receiver_id"))


def make_customer(desk: Desk, values: Values) -> Any:
    """Registered with his first call or visit."""
    return register(desk.session, desk.actor, desk.project_id, new_customer(desk, values))


PHONE = ImportColumn(
    "phone", L("手机"), kind="identity", personal="phone", aliases=PHONE_HEADS, compared=False, limit=60
)
SOURCE = ImportColumn(
    "source", L("途径"), kind="choice", choices=Source, required=True, words=SOURCE_WORDS,
    aliases=("认知途径", "来源", "渠道", "客户来源", "获知途径", "信息来源"),
)  # fmt: skip
CUSTOMERS_IN = Import(
    columns=(
        ImportColumn("name", aliases=("客户姓名", "客户名称", "客户"), required=True),
        replace(PHONE, required=True),
        SOURCE,
        ImportColumn("source_detail", aliases=("媒体",), kind="text", compared=False),
        ImportColumn("kind", L("首次方式"), kind="choice", choices=ContactKind, words=KIND_WORDS, compared=False),
        ImportColumn(
            "at", L("首次来电来访"), kind="datetime", compared=False,
            aliases=("首次来访日期", "首访日期", "来访日期", "登记日期", "来访时间", "日期"),
        ),
        ImportColumn("grade", kind="choice", aliases=("意向等级", "级别", "客户等级", "意向级别")),
        ImportColumn("receiver_id", L("归属顾问"), kind="person", aliases=OWNER_HEADS, reads="owner_id"),
        *(ImportColumn(name) for name in PROFILE),
        ImportColumn("late_reason", L("补录原因"), kind="text", compared=False, limit=200),
    ),
    key=("phone",),
    by=frozenset({Post.SUPERVISOR, Post.CLERK}),
    known=customers_by_number, each=(_name, _numbers, _moment, _receiver), check=check_customer, create=make_customer,
    notes=(
        L("手机一格可写几个号码，用顿号隔开；已登记在别人名下的号码只提示「已登记」，请找主管判客。"),
        L("首次来访早于昨天的（补录）由销售主管导入。"),
    ),
)  # fmt: skip


def contacts_known(desk: Desk, rows: list[Values]) -> list[Any]:
    """The same call or visit: same moment, same customer (or the same name without a phone)."""
    owners, found = customers_by_number(desk, rows), dict[tuple[Any, ...], Contact]()
    for some in chunks(sorted({row["at"] for row in rows if row.get("at")})):
        query = select(Contact).where(Contact.project_id == desk.project_id, Contact.at.in_(some))
        for one in desk.session.scalars(query):
            found[one.at, one.customer_id, one.called if one.customer_id is None else None] = one
    known: list[Any] = []
    for row, owner in zip(rows, owners, strict=True):
        if isinstance(owner, RuleError):
            known.append(owner)
            continue
        key = (row.get("at"), owner.id if owner else None, None if owner else row.get("name"))
        known.append(found.get(key))
    return known


def check_contact(desk: Desk, values: Values) -> None:
    """As the reception page refuses; without a number the reason must be told."""
    if numbers_in(values.get("phone")):
        check_registration(desk.actor, desk.project_id, new_customer(desk, values))
    elif values.get("no_phone_reason") is None:
        raise RuleError("没有手机的请填写未留电原因", field="no_phone_reason")
    else:
        check_registration(desk.actor, desk.project_id, Arrival(**_arrival(desk, values)))


def make_contact(desk: Desk, values: Values) -> Any:
    """A known customer comes again, an unknown number is a new customer, no number is 未留电."""
    if not numbers_in(values.get("phone")):
        arrival = Arrival(**_arrival(desk, values))
        called = values.get("name") or ""
        return without_phone(desk.session, desk.actor, desk.project_id, arrival, values["no_phone_reason"], called)
    (owner,) = customers_by_number(desk, [values])
    if isinstance(owner, RuleError):
        raise owner
    if owner is None:
        return make_customer(desk, values)
    told = _arrival(desk, values)
    return fire(desk.session, owner, "note_contact", desk.actor, grade=values.get("grade"), **told.pop("noted"), **told)


CONTACTS_IN = Import(
    columns=(
        ImportColumn(
            "at", kind="datetime", required=True, aliases=("来访日期", "来访时间", "日期", "时间", "来电日期", "到访时间"),
        ),
        ImportColumn("kind", aliases=("方式", "来访类型", "访问类型"), required=True, words=KIND_WORDS, compared=False),
        ImportColumn(
            "name", L("姓名"), kind="text", limit=64, compared=False, aliases=("客户姓名", "称呼", "客户", "客户名称")
        ),
        PHONE,
        ImportColumn(
            "no_phone_reason", kind="choice", choices=NoPhoneReason, aliases=("未留电", "无电话原因"), compared=False
        ),
        SOURCE,
        ImportColumn("source_detail", aliases=("媒体",), compared=False),
        ImportColumn("receiver_id", aliases=(*OWNER_HEADS, "接待人员"), kind="person"),
        ImportColumn("grade", L("等级"), kind="choice", choices=Grade, aliases=("意向等级", "级别"), compared=False),
        ImportColumn("outcome", kind="choice", choices=Outcome, aliases=("接待结果",), compared=False),
        *(ImportColumn(name, compared=False) for name in NOTED if name != "outcome"),
        ImportColumn("late_reason", L("补录原因"), kind="text", compared=False, limit=200),
    ),
    key=("at", "phone", "name"),
    by=frozenset({Post.SUPERVISOR, Post.CLERK}),
    known=contacts_known, each=(_numbers, _moment, _receiver), check=check_contact, create=make_contact,
    notes=(
        L("手机已登记的记为复访或来电；没登记的同时建立客户；没有手机的须写未留电原因。"),
        L("过了次日 12:00 的（补录）由销售主管导入。"),
    ),
)  # fmt: skip
