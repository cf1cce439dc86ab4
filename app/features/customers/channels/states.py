"""How does a 渠道报备 move? 待判 → 有效 → 已带看 → 认购 → 签约 → 结佣, or 无效, 失效 (02 §2.5.2)."""

from __future__ import annotations

from app.features.customers.channels import effects
from app.features.customers.channels.choices import ChannelState, ReportState, Verdict
from app.features.customers.channels.models import MAKERS, ChannelCompany, ChannelReport
from app.features.customers.effects.ownership import OWNERS
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

PENDING, VALID, VISITED, RESERVED, SIGNED, PAID, INVALID, EXPIRED = ReportState
JUDGES = (Post.SUPERVISOR, Post.SITE_MANAGER)

COMPANY_FLOW = flow(
    ChannelCompany,
    step("stop", "停止合作", ChannelState.ACTIVE, ChannelState.STOPPED, by=JUDGES, reason=True, tone="risk"),
    step("resume", "恢复合作", ChannelState.STOPPED, ChannelState.ACTIVE, by=JUDGES),
)

REPORT_FLOW = flow(
    ChannelReport,
    step("accept", "判有效", PENDING, VALID, by=JUDGES, tone="primary", then=[effects.accept]),
    step("refuse", "判无效", PENDING, INVALID, by=JUDGES, tone="risk", then=[effects.refuse],
         form=[ask("verdict", "理由", "choice", choices=Verdict, default=lambda report: report.proposal)]),
    step("arrive", "登记带看", VALID, VISITED, by=MAKERS, tone="primary", then=[effects.arrive],
         form=[ask("phone", "到访客户的手机", personal=True, hint="全号，和报备核对"),
               ask("called", "客户姓名", required=False, default=lambda report: report.called),
               ask("receiver_id", "接待顾问", "person", posts=OWNERS),
               ask("at", "到访时间", "datetime", default=lambda _report: now())]),
    step("expire", "失效", (VALID, VISITED), EXPIRED, internal=True),
    step("give_up", "作失效", (PENDING, VALID), EXPIRED, by=MAKERS, reason=True, tone="risk"),
    step("reserve", "认购", VISITED, RESERVED, internal=True, then=[effects.note_reserved]),
    step("sign", "签约", RESERVED, SIGNED, internal=True, then=[effects.note_signed]),
    step("back", "退回带看", (RESERVED, SIGNED), VISITED, internal=True, then=[effects.note_back]),
    step("pay", "登记结佣", SIGNED, PAID, by=(Post.SITE_MANAGER, Post.SALES_ADMIN), tone="primary", then=[effects.note_paid],
         form=[ask("commission", "渠道佣金", "money", unit="元"), ask("paid_on", "结佣日", "date", default=lambda _report: now().date())]),
    normal=(PENDING, VALID, VISITED, RESERVED, SIGNED, PAID),
)  # fmt: skip
