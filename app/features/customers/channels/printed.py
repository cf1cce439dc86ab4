"""What stands on 带看确认单 and 判客确认单. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.features.customers.channels.choices import Verdict
from app.features.customers.channels.models import ChannelReport
from app.features.customers.claims.effects.ruling import said
from app.features.customers.claims.models import OwnershipClaim
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import NONE, Desk, day, person, told


def _moment(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if value is not None else NONE


def _report(desk: Desk, paper: ChannelReport) -> dict[str, Any]:
    return {
        "渠道公司": paper.channel.name, "经纪人": paper.broker, "经纪人电话": desk.personal(paper, "broker_phone"), "客户": paper.called,
        "客户手机": desk.personal(paper, "phone"), "报备时间": _moment(paper.reported_at), "登记人": person(paper.owner_id),
        "合作协议": told(paper.channel.contract_no),
    }  # fmt: skip


def visit(desk: Desk, paper: ChannelReport) -> Values:
    """带看确认单: signed by the channel, the customer and the site on the day of the visit."""
    return {
        **_report(desk, paper), "带看时间": _moment(paper.visited_at), "接待顾问": person(paper.partner_id), "保护至": day(paper.protected_until),
        "判定": told(paper.verdict),
    }  # fmt: skip


def verdict(desk: Desk, paper: ChannelReport) -> Values:
    """判客确认单 for the channel: valid until when, or why not."""
    valid = paper.verdict is Verdict.VALID
    return {
        **_report(desk, paper), "判定": told(paper.verdict), "判定人": person(paper.judged_by), "判定时间": _moment(paper.judged_at),
        "说明": told(paper.judged_why), "有效至": day(paper.valid_until) if valid else NONE, "状态": paper.state.label,
    }  # fmt: skip


def ruling(desk: Desk, paper: OwnershipClaim) -> Values:
    """判客裁定单 between two consultants, with the frozen evidence."""
    return {
        "客户": paper.customer_name, "客户手机": desk.personal(paper, "phone"), "事由": paper.ground.label,
        "原归属顾问": person(paper.owner_id) if paper.owner_id else "公海", "申请顾问": person(paper.partner_id), "接待时间": _moment(paper.met_at),
        "情况说明": paper.story, "系统建议": f"{paper.proposal.label}：{paper.proposal_why}",
        "证据": [{"序号": str(n), "记录": words} for n, words in enumerate(paper.evidence, 1)],
        "裁定": said(paper), "裁定人": person(paper.ruled_by), "裁定时间": _moment(paper.ruled_at), "裁定理由": told(paper.ruling_why),
        "申诉人": person(paper.appealed_by), "申诉理由": told(paper.appeal_why), "申诉裁定人": person(paper.final_by),
        "申诉裁定理由": told(paper.final_why), "状态": paper.state.label,
    }  # fmt: skip
