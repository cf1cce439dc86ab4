"""Follow-ups from tables: each goes the way of the step on the customer's page, told by whom and when the table says."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.customers.choices import FollowMethod, FollowResult
from app.features.customers.models import Customer
from app.features.customers.name_lookup import colleagues_named, customers_named
from app.features.customers.rules import check_follow_up, check_held
from app.features.customers.views.tables_in import OWNER_HEADS, PHONE_HEADS
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.posts import Post
from app.kernel.workflow import fire


def check_teller(desk: Desk, values: Values) -> None:
    """For others only a supervisor brings follow-ups in."""
    by = values.get("by_id") or desk.actor.person_id
    if by != desk.actor.person_id and not desk.actor.holds({Post.SUPERVISOR}, desk.project_id):
        raise RuleError("只能导入自己的跟进，别人的请由销售主管导入", field="by_id")


def check_day(_desk: Desk, values: Values) -> None:
    """It was held, whatever else the row says."""
    check_held(values["at"], now())


def check_follow_row(_desk: Desk, values: Values) -> None:
    """As the step on the customer's page refuses."""
    check_follow_up(values["at"], now(), values["content"], values.get("next_on"))


def make_follow_up(desk: Desk, values: Values) -> Any:
    """The step 登记跟进 on the customer's page."""
    customer = desk.session.get(Customer, values["customer_id"])
    told: dict[str, Any] = {
        name: values.get(name) for name in ("method", "result", "content", "at", "next_on", "by_id")
    }
    return fire(desk.session, customer, "note_follow_up", desk.actor, grade=values.get("grade_after"), **told)


FOLLOW_UPS_IN = Import(
    columns=(
        ImportColumn(
            "customer_id", L("客户"), look_up=customers_named, required=True, compared=False, personal="phone",
            aliases=("客户姓名", "姓名", *PHONE_HEADS, "手机"),
        ),
        ImportColumn("at", aliases=("跟进时间", "跟进日期", "日期"), required=True),
        ImportColumn("method", kind="choice", choices=FollowMethod, aliases=("跟进方式",), words={"来访": "面谈", "电话跟进": "电话"}),
        ImportColumn(
            "result", kind="choice", choices=FollowResult, aliases=("跟进结果",), compared=False,
            words={"有效": "有效沟通", "无人接": "无人接听", "停机": "停机或空号", "空号": "停机或空号"},
        ),
        ImportColumn("content", aliases=("跟进内容", "跟进情况", "沟通内容"), compared=False),
        ImportColumn("grade_after", required=False, aliases=("意向等级", "跟进后等级"), compared=False),
        ImportColumn("next_on", aliases=("下次跟进日期", "下次时间"), compared=False),
        ImportColumn(
            "by_id", L("跟进人"), look_up=colleagues_named, required=False, compared=False, aliases=("跟进顾问", "跟进人员", *OWNER_HEADS),
            hint=L("在本项目任职过的同事，不填就是导入的人"),
        ),
    ),
    key=("customer_id", "at", "method"),
    by=frozenset({Post.CONSULTANT, Post.SUPERVISOR}),
    each=(check_teller, check_day), check=check_follow_row, create=make_follow_up,
    notes=(
        L("客户写手机号码或姓名。跟进人和跟进时间照表里的记；没写跟进人的，记为导入的人。"),
        L("顾问只能导入自己的跟进，别人的由销售主管导入。"),
    ),
)  # fmt: skip
