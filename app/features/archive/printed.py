"""What stands on the papers of the archive. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.features.archive.checklists import ChecklistRow
from app.features.archive.handovers.models import PaperHandover
from app.features.archive.letters.models import OutgoingLetter
from app.features.archive.loans.models import FileLoan, Loan
from app.features.archive.regulations.models import Regulation
from app.features.archive.seals.models import SealUse
from app.kernel.papers.definition import Row, Values
from app.kernel.papers.kinds import NONE, Desk, day, person, told
from app.kernel.readings import receipts_of


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


def loan(desk: Desk, loan: Loan) -> Values:
    """借阅单 of a household's paper."""
    about = f"{loan.paper.unit_name} {loan.paper.customer_name}".strip()
    return {**file_loan(desk, loan), "房源客户": told(about)}


def file_loan(_desk: Desk, loan: Loan | FileLoan) -> Values:
    """借阅单 of a site file: who takes what, against a signature, until when."""
    paper = loan.paper
    return {
        "档号": told(paper.number), "资料": paper.title, "形式": told(paper.medium), "存放位置": told(f"{paper.shelf} {paper.box}".strip()),
        "借阅人": loan.who, "用途": loan.purpose, "应还日期": day(loan.due_on),
        "借出时间": f"{loan.lent_at:%Y-%m-%d %H:%M}" if loan.lent_at else NONE, "领取签收": told(loan.receiver),
        "归还日期": day(loan.returned_on), "归还情况": told(loan.condition), "经办人": person(loan.submitted_by or loan.created_by),
        "状态": loan.state.label,
    }  # fmt: skip


def regulation(_desk: Desk, paper: Regulation) -> Values:
    """制度文件 as it is handed out and hung up; before it is in force it says so."""
    return {
        "名称": paper.title, "版本": str(paper.revision), "类别": paper.kind.label, "适用人员": paper.concerned.label,
        "生效日期": day(paper.in_force_on), "正文": paper.content, "修订说明": paper.changes,
        "未生效": "" if paper.in_force_on else f"{paper.state.label}，尚未生效", "已失效": f"{paper.state.label}，{day(paper.ended_on)}起不再执行"
        if paper.ended_on else "",
    }  # fmt: skip


def regulation_sheet(desk: Desk, paper: Regulation) -> Values:
    """制度审定签阅单: opinions, the meeting, the decision, and who has signed that he read it."""
    asked = receipts_of(desk.session, paper)
    signed = sum(1 for one in asked if one.read_at is not None)
    return {
        "名称": paper.title, "版本": str(paper.revision), "类别": paper.kind.label, "适用人员": paper.concerned.label,
        "意见截止": day(paper.opinions_until), "研究日期": day(paper.studied_on), "研究结论": told(paper.study_note),
        "生效日期": day(paper.in_force_on), "状态": paper.state.label, "起草人": person(paper.submitted_by or paper.created_by),
        "征求意见": [{"姓名": one.person_name, "意见": one.opinion or "未提出", "日期": _date(one.given_at)} for one in paper.opinions],
        "签阅记录": [
            {"姓名": one.person_name, "签收时间": f"{one.read_at:%Y-%m-%d %H:%M}" if one.read_at else "", "签字": ""}
            for one in asked
        ],
        "签阅情况": f"应签 {len(asked)} 人，已签 {signed} 人" if asked else "",
    }  # fmt: skip


def _date(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if moment is not None else NONE


def checklist_rows(rows: Sequence[ChecklistRow]) -> list[Row]:
    """资料清单 of a process."""
    return [
        {
            "序号": str(i), "资料": one.name, "份数": str(one.copies), "收到日期": day(one.received_on) if one.received_on is not None else "未交",
            "签收": "",
        }
        for i, one in enumerate(rows, 1)
    ]  # fmt: skip
