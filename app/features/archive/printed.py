"""What stands on the papers of the archive. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from collections.abc import Sequence

from app.features.archive.checklists import ChecklistRow
from app.features.archive.handovers.models import PaperHandover
from app.features.archive.letters.models import OutgoingLetter
from app.features.archive.seals.models import SealUse
from app.kernel.papers.definition import Row, Values
from app.kernel.papers.kinds import Desk, day, person, told


def paper_handover(_desk: Desk, paper: PaperHandover) -> Values:
    """移交单: every paper with its 档号."""
    return {
        "移交给": paper.receiver_kind.label, "接收单位": paper.organisation, "用途": paper.purpose, "份数合计": str(paper.count),
        "资料清单": [
            {"序号": str(i), "档号": line.paper_number, "资料": line.title, "房源客户": line.about, "形式": line.medium.label, "份数": str(line.copies)}
            for i, line in enumerate(paper.lines, 1)
        ],
        "移交日期": day(paper.handed_on), "签收人": paper.receiver, "备注": told(paper.note),
        "经办人": person(paper.submitted_by or paper.created_by),
    }  # fmt: skip


def seal_use(_desk: Desk, use: SealUse) -> Values:
    """用印审批单 with its trail."""
    return {
        "印章": use.seal.label, "用印文件": use.subject, "相关户档": told(use.folder and use.folder.number), "用印份数": str(use.copies),
        "用印日期": day(use.wanted_on), "用印人": use.user, "事由": use.reason, "实际用印日": day(use.used_on), "实际份数": told(use.used_copies),
        "监印人": told(use.witness), "应归还日期": day(use.due_on), "归还日期": day(use.returned_on),
        "申请人": person(use.submitted_by or use.created_by), "结论": use.state.label,
    }  # fmt: skip


def outgoing_letter(_desk: Desk, letter: OutgoingLetter) -> Values:
    """发文稿."""
    return {
        "文种": letter.kind.label, "发给": letter.to_kind.label, "收件": letter.recipient, "事由": letter.subject, "正文": letter.content,
        "要求回复": day(letter.needs_answer), "份数": str(letter.copies), "发出日期": day(letter.sent_on), "快递单号": told(letter.express_no),
        "拟稿人": person(letter.submitted_by or letter.created_by),
    }  # fmt: skip


def checklist_rows(rows: Sequence[ChecklistRow]) -> list[Row]:
    """资料清单 of a process."""
    return [
        {
            "序号": str(i), "资料": one.name, "份数": str(one.copies), "收到日期": day(one.received_on) if one.received_on is not None else "未交",
            "签收": "",
        }
        for i, one in enumerate(rows, 1)
    ]  # fmt: skip
