"""What follows on a 移交单: papers are put on the list, and with the receiver's signature they are 已移交."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.archive.handovers.models import HandoverLine, PaperHandover
from app.features.archive.handovers.rules import numbers_in
from app.features.archive.models import Medium, PaperState
from app.features.archive.papers.models import Paper
from app.features.organisation.numbers import number_for
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}
NAMED = 5  # numbers in a sentence


def picked(act: Act) -> list[Paper]:
    """The papers that the form names: all in the box of a household, or those with these 档号.

    Raises RuleError for numbers that are not there and for papers that are out.
    """
    numbers, folder_id = numbers_in(act.get("numbers")), act.get("folder")
    if not numbers and not folder_id:
        raise RuleError("请选择户档，或填写档号", field="folder")
    query = select(Paper).where(Paper.project_id == act.document.project_id)
    if folder_id:
        query = query.where(Paper.folder_id == folder_id)
    if numbers:
        query = query.where(Paper.number.in_(numbers))
    papers = list(act.session.scalars(query.order_by(Paper.number), execution_options=UNSCOPED))
    unknown = set(numbers) - {paper.number for paper in papers}
    if unknown:
        raise RuleError("没有这些档号：{names}", field="numbers", names="、".join(sorted(unknown)[:NAMED]))
    if not numbers:
        papers = [p for p in papers if p.state is PaperState.IN and p.medium is not Medium.ELECTRONIC]
    if not papers:
        raise RuleError("这一户没有在库的纸质资料", field="folder")
    _all_there(papers)
    return papers


def _all_there(papers: list[Paper]) -> None:
    out = [f"{paper.number}（{paper.state.label}）" for paper in papers if paper.state is not PaperState.IN]
    if out:
        raise RuleError("不在库，不能移交：{names}", names="、".join(out[:NAMED]))


def put(act: Act) -> None:
    """On the list; those that stand there already stay."""
    handover: PaperHandover = act.document
    inside = {line.paper_id for line in handover.lines}
    for paper in picked(act):
        if paper.id not in inside:
            handover.lines.append(HandoverLine(
                project_id=handover.project_id, paper_id=paper.id, paper_number=paper.number or "", title=paper.title,
                about=f"{paper.unit_name} {paper.customer_name}".strip(), medium=paper.medium, copies=paper.copies,
            ))  # fmt: skip
    _count(act.session, handover)


def drop(act: Act) -> None:
    """Off the list."""
    handover, numbers = act.document, set(numbers_in(act.get("numbers")))
    leaving = [line for line in handover.lines if line.paper_number in numbers]
    if not leaving:
        raise RuleError("填写的档号都不在这份移交单里", field="numbers")
    for line in leaving:
        act.session.delete(line)
    act.session.flush()
    act.session.expire(handover, ["lines"])
    _count(act.session, handover)


def _count(session: Session, handover: PaperHandover) -> None:
    handover.count = sum(line.copies for line in handover.lines)
    session.flush()


def list_is_filled(act: Act) -> None:
    """Guard: something is handed over, and all of it is in its box."""
    ids = [line.paper_id for line in act.document.lines]
    if not ids:
        raise RuleError("移交单里还没有资料，请先点「选入资料」")
    _all_there(list(act.session.scalars(select(Paper).where(Paper.id.in_(ids)), execution_options=UNSCOPED)))


def hand_over(act: Act) -> None:
    """Signed: number, day, receiver; every paper is 已移交."""
    handover: PaperHandover = act.document
    handover.number = handover.number or number_for(act.session, handover, act.at.date())
    handover.handed_on, handover.receiver, handover.submitted_by = (
        act.form["on"],
        act.form["receiver"],
        act.actor.person_id,
    )
    if handover.handed_on > act.at.date():
        raise RuleError("移交日期不能晚于今天", field="on")
    note = f"{handover.number} {handover.organisation} {handover.receiver}"
    for line in sorted(handover.lines, key=lambda one: one.paper_id):
        paper = act.session.get_one(Paper, line.paper_id, execution_options=UNSCOPED)
        fire(act.session, paper, "hand_over", act.actor, internal=True, note=note)
