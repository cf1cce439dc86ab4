"""The words that leave the house: project, kind, a number, a link — never a name, a phone or what a notice says (02 §2.5.11)."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.addresses import own_path
from app.kernel.notices.records import Notice, NoticeKind
from app.kernel.words import english

SITE = "案场管家"
SENTENCES = {
    NoticeKind.APPROVAL: "有审批方面的新消息",
    NoticeKind.REMINDER: "有事情等你处理",
    NoticeKind.DUE: "有事项到期",
    NoticeKind.ALARM: "系统有告警",
    NoticeKind.TASK: "后台任务有结果",
    NoticeKind.NEWS: "有新公告",
}
SIGNED = ("本邮件由系统自动发出，不含客户资料，请勿回复", "收件方式在「我的提醒设置」里改")


@dataclass(frozen=True)
class Message:
    """Subject and text of one message, in Chinese; each line of the text is a sentence of its own."""

    subject: str
    text: str

    def read_in(self, language: str) -> Message:
        """The same in the reader's language."""
        if language != "en":
            return self
        return Message(english(self.subject), "\n".join(english(line) for line in self.text.splitlines()))


def headline(kind: NoticeKind, project: str, *, urgent: bool = False, again: bool = False) -> str:
    """«【案场管家】江畔云庐 · 审批（紧急）»."""
    where = f"{project} · " if project else ""
    mark = "（紧急，再次提醒）" if urgent and again else "（紧急）" if urgent else ""
    return f"【{SITE}】{where}{kind.label}{mark}"


def mail_of(notice: Notice, project: str, site: str) -> Message:
    """The mail about one notice: its link leads over the sign-in to the notice."""
    address = f"{site}/notices/{notice.id}"
    lines = (notice.outside or SENTENCES[notice.kind], f"请登录后查看：{address}", "", *SIGNED)
    return Message(headline(notice.kind, project, urgent=notice.urgent, again=notice.repeats > 0), "\n".join(lines))


def group_message_of(notice: Notice, project: str, site: str) -> Message:
    """What a group hears: whoever may read the record opens the link, for all others it leads to nothing."""
    subject = headline(notice.kind, project, urgent=notice.urgent)
    address = site + own_path(notice.url, "/notices")
    return Message(subject, "\n".join((subject, notice.outside or SENTENCES[notice.kind], f"查看：{address}")))


def digest_of(project: str, waiting: int, unread: dict[NoticeKind, int], site: str) -> Message:
    """The morning summary: how many approvals wait and how many notices of each kind are not read."""
    lines = ["今天等你处理的事："]
    if waiting:
        lines.append(f"待你审批 {waiting} 件：{site}/approvals")
    if unread:
        kinds = "、".join(f"{kind.label} {count}" for kind, count in unread.items())
        lines.append(f"未读通知 {sum(unread.values())} 条（{kinds}）：{site}/notices")
    where = f"{project} · " if project else ""
    return Message(f"【{SITE}】{where}早上汇总", "\n".join([*lines, "", *SIGNED]))


def trial(project: str) -> Message:
    """What the button 「发送测试消息」 sends."""
    lines = (f"【{SITE}】测试消息", *((project,) if project else ()), "收到这条消息，说明设置正确")
    return Message(f"【{SITE}】测试消息", "\n".join(lines))
