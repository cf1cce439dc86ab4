"""The words that leave the house: project, kind, a number, a link — never a name, a phone or what a notice says (02 §2.5.11)."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.addresses import own_path
from app.kernel.notices.records import Notice, NoticeKind

SITE = "案场管家"
SENTENCES = {
    NoticeKind.APPROVAL: "有审批方面的新消息",
    NoticeKind.REMINDER: "有事情等你处理",
    NoticeKind.DUE: "有事项到期",
    NoticeKind.ALARM: "系统有告警",
    NoticeKind.TASK: "后台任务有结果",
    NoticeKind.NEWS: "有新公告",
}
SIGNED = "本邮件由系统自动发出，不含客户资料，请勿回复；收件方式在「我的提醒设置」里改。"


@dataclass(frozen=True)
class Message:
    """Subject and text of one message."""

    subject: str
    text: str


def headline(kind: NoticeKind, project: str, *, urgent: bool = False) -> str:
    """«【案场管家】江畔云庐 · 审批（紧急）»."""
    where = f"{project} · " if project else ""
    return f"【{SITE}】{where}{kind.label}" + ("（紧急）" if urgent else "")


def mail_of(notice: Notice, project: str, site: str) -> Message:
    """The mail about one notice: its link leads over the sign-in to the notice."""
    again = f"（第 {notice.repeats + 1} 次提醒）" if notice.repeats else ""
    said = (notice.outside or SENTENCES[notice.kind]) + again
    text = f"{said}。\n\n请登录后查看：{site}/notices/{notice.id}\n\n{SIGNED}"
    return Message(headline(notice.kind, project, urgent=notice.urgent) + again, text)


def group_message_of(notice: Notice, project: str, site: str) -> Message:
    """What a group hears: whoever may read the record opens the link, for all others it leads to nothing."""
    subject = headline(notice.kind, project, urgent=notice.urgent)
    return Message(
        subject,
        f"{subject}\n{notice.outside or SENTENCES[notice.kind]}\n查看：{site}{own_path(notice.url, '/notices')}",
    )


def digest_of(project: str, waiting: int, unread: dict[NoticeKind, int], site: str) -> Message:
    """The morning summary: how many approvals wait and how many notices of each kind are not read."""
    lines = ["今天等你处理的事：", ""]
    if waiting:
        lines.append(f"待你审批 {waiting} 件：{site}/approvals")
    if unread:
        kinds = "、".join(f"{kind.label} {count}" for kind, count in unread.items())
        lines.append(f"未读通知 {sum(unread.values())} 条（{kinds}）：{site}/notices")
    where = f"{project} · " if project else ""
    return Message(f"【{SITE}】{where}早上汇总", "\n".join([*lines, "", SIGNED]))


def trial(project: str) -> Message:
    """What the button 「发送测试消息」 sends."""
    where = f"{project}：" if project else ""
    return Message(f"【{SITE}】测试消息", f"【{SITE}】{where}这是一条测试消息，收到即表示设置正确。")
