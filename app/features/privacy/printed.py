"""What stands on the answer to a request. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.features.customers.consents.effects import standing
from app.features.customers.models import Contact, FollowUp
from app.features.privacy.requests.models import PersonRequest, RequestKind
from app.kernel.papers.definition import Row, Values
from app.kernel.papers.kinds import Desk, day, person, told

UNSCOPED = {"unscoped": True}
TOLD = (RequestKind.ACCESS, RequestKind.COPY, RequestKind.CORRECT)
PERSONAL = (("wechat", "微信"), ("id_number", "证件号码"), ("id_address", "证件地址"), ("mail_address", "送达地址"))
PLAIN = (
    ("name", "姓名"), ("gender", "性别"), ("age_band", "年龄段"), ("birthday", "生日"), ("register", "户籍"), ("occupation", "职业"),
    ("marital", "婚姻"), ("family", "家庭结构"), ("home_area", "居住区域"), ("work_area", "工作区域"), ("purpose", "购房用途"),
    ("wanted_layout", "意向户型"), ("wanted_area", "意向面积段"), ("wanted_total", "意向总价段"), ("concerns", "关注点"),
    ("resistance", "抗性"), ("source", "认知途径"),
)  # fmt: skip


def person_answer(desk: Desk, paper: PersonRequest) -> Values:
    """个人信息答复书: what was asked, the answer, and for 查阅 and 复制 everything that is kept of him."""
    customer = paper.customer
    return {
        "客户": customer.name, "请求": paper.kind.label, "提出人": paper.asked_by.label, "收到日期": day(paper.asked_on),
        "答复期限": day(paper.due_on), "请求内容": paper.content, "核实身份": told(paper.proof), "答复": told(paper.answer),
        "答复日期": day(paper.answered_on.date() if paper.answered_on else None), "结论": paper.state.label,
        "保存的信息": _kept(desk, customer) if paper.kind in TOLD else [{"项目": "／", "内容": "本次请求不涉及"}],
        "往来": _dealings(desk, customer.id), "提供情况": _given(desk, customer.id), "经办人": person(paper.verified_by or paper.created_by),
    }  # fmt: skip


def _kept(desk: Desk, customer: Any) -> list[Row]:
    found = [(label, _text(getattr(customer, name))) for name, label in PLAIN]
    found += [("手机", "、".join(desk.personal(p, "number") for p in customer.live_phones))]
    found += [(label, desk.personal(customer, name)) for name, label in PERSONAL if getattr(customer, name)]
    return [{"项目": label, "内容": text} for label, text in found if text]


def _text(value: Any) -> str:
    return getattr(value, "label", None) or (str(value) if value else "")


def _dealings(desk: Desk, customer_id: int) -> str:
    counts = [
        desk.session.scalar(
            select(func.count(model.id)).where(model.customer_id == customer_id), execution_options=UNSCOPED
        )
        for model in (Contact, FollowUp)
    ]
    return f"来电来访 {counts[0]} 次，跟进 {counts[1]} 次"


def _given(desk: Desk, customer_id: int) -> str:
    return "、".join(one.label for one in standing(desk.session, customer_id)) or "没有有效的同意"
