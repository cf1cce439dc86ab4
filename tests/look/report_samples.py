"""An invented month."""

from __future__ import annotations

from markupsafe import Markup

from app.kernel.screens import page as p
from tests.look.doc_samples import RECEIVABLES
from tests.look.shell_samples import T

CHART = Markup(
    '<svg class="chart" viewBox="0 0 480 120" role="img" aria-label="各周认购金额，万元"><line class="axis" x2="474" y1="100" y2="100"/>'
    '<rect class="s1" x="60" width="24" y="30" height="70" rx="2"/><text class="val" x="72" y="24" text-anchor="middle">620</text></svg>'
)
MONTH = p.ReportPage(
    title="2026 年 10 月 月度销售总结",
    tag=T("草稿", "mute"),
    crumbs=(p.Crumb("报表"), p.Crumb("月度总结", "/reports"), p.Crumb("2026 年 10 月")),
    acts=(
        p.Link("打印", "/print", icon="print"),
        p.Link("导出", "/x", icon="down"),
        p.Link("提交上报", "/send", tone="primary", icon="send"),
    ),
    views=tuple(
        p.Link(f"按{word}", f"?by={word}", tone="primary" if word == "月份" else "default")
        for word in ("楼栋", "置业顾问", "款项类型", "分项", "付款方式", "月份")
    ),
    lead="范围 3栋。上报项目部，初稿期限 10月31日 18:00。",
    kpis=(
        p.Kpi("认购金额", "3,050.00", "万元", 87, "warn", "计划 3,500.00 万元", "完成 87.14 %"),
        p.Kpi("认购 / 签约", "19", "/ 15 套", 83, "", "累计 46 / 38 套", "转签约 82.61 %"),
        p.Kpi("去化率", "38.33", "%", left="46 / 120 套", right="余货约 3.9 个月"),
    ),
    figures=(
        p.Figure("各周认购金额", CHART, keys=(("", "实际"), ("k2", "计划"))),
        p.Figure("转化", CHART, "上一步为 100 %"),
    ),
    parts=(
        p.ReportPart("一、销售与签约", table=RECEIVABLES),
        p.ReportPart("二、工程进度与交楼", "1栋现房，本月交付 10 套。"),
        p.ReportPart(
            "三、分析与下月建议",
            tag=T("待填写", "warn"),
            field="advice",
            placeholder="差距原因、主力户型、下月推货与推广建议",
        ),
    ),
    signs=("制表：周敏", "审核：", "日期："),
    form_url="/reports/1",
    submit="保存草稿",
)
