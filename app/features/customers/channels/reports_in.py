"""渠道报备 from a channel's table: each row is one report, and a table that comes twice makes none twice. And the list of 渠道公司."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.customers.channels import rules
from app.features.customers.channels.effects import fill_report
from app.features.customers.channels.models import MAKERS, ChannelReport
from app.features.customers.views.tables_in import PHONE_HEADS
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks
from app.kernel.posts import Post
from app.kernel.workflow import as_step


def check_called(_desk: Desk, values: Values) -> None:
    """A surname at least."""
    rules.surname(values.get("called") or "")


def check_phone(_desk: Desk, values: Values) -> None:
    """A whole number, or one with its middle hidden."""
    rules.reported_phone(values.get("phone") or "")


def check_moment(_desk: Desk, values: Values) -> None:
    """Not before it happened."""
    rules.check_reported(values.get("reported_at"), now())


def reports_known(desk: Desk, rows: list[Values]) -> list[Any]:
    """The same report, brought before: the channel, the moment, the number, the name. Without a moment a row is a new one."""
    found: dict[tuple[Any, ...], ChannelReport] = {}
    for some in chunks(sorted({row["reported_at"] for row in rows if row.get("reported_at")})):
        query = select(ChannelReport).where(
            ChannelReport.project_id == desk.project_id, ChannelReport.reported_at.in_(some)
        )
        for one in desk.session.scalars(query):
            found[one.channel_id, one.reported_at, one.phone, one.called] = one
    return [found.get(_told(row)) for row in rows]


def _told(row: Values) -> tuple[Any, ...]:
    """What tells a row; of one that the check will refuse, nothing."""
    try:
        named = rules.reported_phone(row.get("phone") or ""), rules.surname(row.get("called") or "")
    except RuleError:
        return ()
    return (row.get("channel_id"), row.get("reported_at"), *named)


def make_report(desk: Desk, values: Values) -> ChannelReport:
    """One row of a channel's table is one 报备."""
    report = ChannelReport(project_id=desk.project_id, **values)
    with as_step(desk.session):
        fill_report(desk.session, desk.actor, report)
        desk.session.add(report)
        desk.session.flush()
    return report


REPORTS_IN = Import(
    columns=(
        ImportColumn("channel_id", aliases=("渠道", "渠道名称", "中介公司", "公司"), required=True),
        ImportColumn("broker", aliases=("经纪人姓名", "业务员", "报备人"), required=True),
        ImportColumn("broker_phone", kind="identity", personal="phone", aliases=("经纪人手机",), compared=False, limit=30),
        ImportColumn("called", aliases=("客户姓名", "姓名", "客户"), required=True),
        ImportColumn("phone", kind="identity", personal="phone", aliases=("手机", *PHONE_HEADS), required=True, compared=False, limit=30),
        ImportColumn("reported_at", aliases=("报备日期", "时间", "日期")),
        ImportColumn("expected_at", aliases=("预计到访时间", "预约时间")),
        ImportColumn("remark", aliases=("说明",), compared=False),
    ),
    key=("channel_id", "called", "phone", "reported_at"),
    by=MAKERS - {Post.CONSULTANT}, known=reports_known, each=(check_called, check_phone, check_moment), create=make_report,
    notes=(L("手机写全号或隐号 138****8888；系统逐行给出有效、无效的建议，由销售主管判定。"), L("写了报备时间的，同一份表再传不会重复。")),
)  # fmt: skip

COMPANIES_IN = Import(
    columns=(
        ImportColumn("name", aliases=("公司", "公司名称", "渠道名称", "中介公司", "分销公司", "单位名称")),
        ImportColumn("contact", aliases=("对接人", "负责人", "渠道联系人")),
        ImportColumn("phone", kind="identity", aliases=("电话", "手机", "联系人电话", "联系方式"), limit=30),
        ImportColumn("contract_no", kind="identity", aliases=("协议编号", "合同编号", "合作合同编号", "合同号")),
        ImportColumn("until", aliases=("合作期限", "合同到期日", "协议到期日", "到期日期", "有效期至")),
        ImportColumn("commission_terms", aliases=("佣金", "佣金标准", "佣金比例", "结佣条件")),
    ),
    key=("name",), updates=True,
    notes=(L("按公司名称认：已有的公司按表更新，空格不改；已停止合作的不能改，请先恢复合作。"),),
)  # fmt: skip
