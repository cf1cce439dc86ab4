"""What the page 邮件与群机器人 shows: the mail server without its password, robots without their addresses, messages without people."""

from __future__ import annotations

from flask_babel import gettext as _

from app.kernel.notices.records import NoticeKind
from app.kernel.outbox import site
from app.kernel.outbox.records import Delivery, DeliveryState, Robot
from app.kernel.screens.display import moment, tag_html
from app.kernel.screens.page import Card, Cell, Column, Fact, Link, Row, Table
from app.kernel.shell import project_names
from app.kernel.states import Choice

HERE = "/notice-channels"


class Switch(Choice):
    """Whether something is on."""

    ON = ("on", "启用", "ok")
    OFF = ("off", "停用", "mute")


def mail_card() -> Card:
    """What the operator has set; the password is nobody's here."""
    server = site.server()
    if server is None:
        note = _("邮件没有启用。由运维在服务器上设置，见运维手册「邮件与群机器人」。")
        return Card(_("邮件"), facts=(Fact(_("状态"), tag_html(Switch.OFF)),), foot=note)
    ways = {"starttls": "STARTTLS", "tls": "TLS", "none": _("不加密（本机）")}
    facts = (
        Fact(_("状态"), tag_html(Switch.ON)), Fact(_("服务器"), f"{server.host}:{server.port}"), Fact(_("发件人"), server.sender),
        Fact(_("加密"), ways[server.security]), Fact(_("邮件里的网址"), site.address_of_site()),
    )  # fmt: skip
    return Card(_("邮件"), facts=facts, foot=_("每个人在「我的提醒设置」里填写收件地址并发送测试邮件。"))


def robot_table(known: list[Robot]) -> Table:
    """One line a robot."""
    columns = (
        Column("name", _("群名称"), phone="hd"), Column("state", _("状态"), phone="badge"), Column("project", _("项目")),
        Column("platform", _("平台")), Column("kinds", _("发送类别")),
    )  # fmt: skip
    names = project_names({robot.project_id for robot in known})
    rows = tuple(
        Row(
            str(robot.id), f"{HERE}/robots/{robot.id}", robot.name,
            (
                Cell(robot.name), Cell(tag_html(Switch.ON if robot.active else Switch.OFF)),
                Cell(names.get(robot.project_id, "")), Cell(robot.platform.label),
                Cell("、".join(kind.label for kind in NoticeKind if kind.value in robot.kinds)),
            ),
            ops=_acts(robot),
        )
        for robot in known
    )  # fmt: skip
    return Table(columns, rows, empty=_("还没有群机器人。"))


def _acts(robot: Robot) -> tuple[Link, ...]:
    base = f"{HERE}/robots/{robot.id}"
    on = Link(
        _("启用"), f"{base}/switch", method="post", confirm_title=_("启用「%(name)s」？", name=robot.name),
        confirm=_("选中的类别从现在起发到群里。"),
    )  # fmt: skip
    off = Link(_("停用"), f"{base}/switch", method="post", tone="risk", confirm=_("待发的群消息不再发送。"))
    away = Link(_("删除"), f"{base}/remove", method="post", tone="risk", confirm=_("地址和密钥一并删除，不能恢复。"))
    return (
        Link(_("发送测试消息"), f"{base}/test", method="post"), off if robot.active else on, Link(_("修改"), base), away,
    )  # fmt: skip


def log_table(rows: list[Delivery]) -> Table:
    """One line a message: what kind of news, which way, how it ended."""
    columns = (
        Column("subject", _("标题"), phone="hd"), Column("state", _("状态"), phone="badge"), Column("channel", _("方式")),
        Column("at", _("登记时间")), Column("due", _("计划发送"), phone="lo"), Column("ended", _("结束"), phone="lo"),
        Column("answer", _("结果")),
    )  # fmt: skip
    shown = tuple(
        Row(
            str(row.id), "", row.subject,
            (
                Cell(row.subject, sub=_("编号 %(n)s", n=row.id)), Cell(tag_html(row.state)), Cell(row.channel.label),
                Cell(moment(row.created_at)), Cell(moment(row.not_before)), Cell(moment(row.ended_at) if row.ended_at else ""),
                Cell(row.answer, sub=_("第 %(n)s 次", n=row.attempts) if row.attempts > 1 else ""),
            ),
            ops=_again(row),
        )
        for row in rows
    )  # fmt: skip
    return Table(columns, shown)


def _again(row: Delivery) -> tuple[Link, ...]:
    if row.state is not DeliveryState.FAILED or row.mark.startswith("trial-"):
        return ()
    return (Link(_("重发"), f"{HERE}/log/{row.id}/again", method="post"),)
