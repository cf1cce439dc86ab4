"""An invented morning of a 销售主管."""

from __future__ import annotations

from markupsafe import Markup

from app.kernel.screens import page as p
from tests.look.shell_samples import T

HOME = p.HomePage(
    greeting="下午好，周敏",
    lead=Markup(
        '今天 8 项职责，已完成 3 项，<span class="todo-dot">1 项逾期</span>；另有 4 件待你审批。2026年11月24日 星期二'
    ),
    acts=(p.Link("登记来访", "/visit", icon="users"), p.Link("写工作日志", "/log", icon="cal")),
    stats=(
        p.Stat("来电", "18", "组", "昨日 15", "▲ 3", "up", "/calls"),
        p.Stat("来访 首访/复访", "12", "/ 7 组", "昨日 14 / 5", "▼ 2", "down", "/visits"),
        p.Stat("今日认购", "2", "套", "226.40 万元　另锁定 5 套"),
        p.Stat("今日签约", "1", "套", "142.36 万元"),
        p.Stat("今日到账", "86.50", "万元", "甲方财务待确认 2 笔"),
        p.Stat("本月认购完成率", "71.4", "%", "2,499 / 3,500 万元"),
    ),
    duty_groups=(
        p.DutyGroup(
            "今日",
            (
                p.Duty(
                    "客户投诉首次回复：2栋1单元0803 王先生",
                    "/c",
                    "late",
                    "S1.5.1　客户投诉 · 今日 09:10 受理，承诺 2 小时内首次回复",
                    "逾期 3 小时 20 分",
                    p.Link("去回复", "/c"),
                ),
                p.Duty(
                    "销控核对：与甲方现场、甲方财务三方确认",
                    "/s",
                    "soon",
                    "S1.4.2　日清核对 · 2 处差异待说明",
                    "今日 18:30 前",
                    p.Link("去核对", "/s"),
                ),
                p.Duty(
                    "确认各顾问当日业绩",
                    "/o",
                    "open",
                    "S2.5　日清 · 9 人中已确认 4 人",
                    "今日 18:30 前",
                    p.Link("去确认", "/o"),
                ),
                p.Duty("主持每日例会并发出纪要", "/m", "done", "S2.4　会议纪要 · 9 人已签收", "08:45 完成"),
            ),
            3,
            8,
        ),
        p.DutyGroup(
            "本周",
            (p.Duty("周报上报销售经理", "/w", "open", "S2.3　周报", "下周一 09:30 前", p.Link("去填写", "/w")),),
            3,
            5,
            "11月23日—29日",
        ),
    ),
    duty_views=(p.Link("待办", "?v=1", tone="primary"), p.Link("全部 52", "?v=2")),
    duty_more=p.Link("按岗位职责书查看", "/duties"),
    feeds=(
        p.Feed(
            "待我审批",
            (
                p.FeedItem(
                    "特殊优惠 · 2栋1单元0902", "/a", "何涛 · 额外让利 0.42 %，你可终批", tag=T("剩 18 分", "warn")
                ),
                p.FeedItem("认购书 RG-2026-0318", "/b", "林晓 · 1,106,834.00 元", tag=T("今日", "info")),
            ),
            4,
            p.Link("全部", "/inbox"),
        ),
        p.Feed(
            "提醒",
            (p.FeedItem("3 套保留今日到期，到期自动释放", "/h", "3栋1单元0903、1204", "mark"),),
            more=p.Link("设置", "/set"),
        ),
    ),
)
