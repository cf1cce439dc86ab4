"""What goes over the clerk's desk: loans, hand-over lists, letters, seals — one of each in every state that people meet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.demo.approvals import agree
from app.demo.archive.making import entered, step
from app.demo.world import World
from app.features.archive.folders.models import Folder, PaperKind
from app.features.archive.handovers.models import PaperHandover, Receiver
from app.features.archive.letters.effects import register
from app.features.archive.letters.models import Counterpart, IncomingLetter, LetterKind, OutgoingLetter
from app.features.archive.loans.models import FileLoan, Loan
from app.features.archive.models import PaperState, Stage
from app.features.archive.papers.models import Paper
from app.features.archive.seals.models import SealKind, SealUse

BOSS, SM, CLERK, OFFICER = "supervisor", "site_manager", "clerk", "contract_officer"


def load(session: Any, world: World) -> None:
    """The last weeks of the desk of 江畔云庐."""
    papers = _sheets(session, world)
    _loans(session, world, papers)
    _handovers(session, world, papers[5:])
    _incoming(session, world)
    _outgoing(session, world)
    _seals(session, world)


def _sheets(session: Any, world: World) -> list[Paper]:
    """Signed contracts that lie in their boxes, oldest first."""
    query = (
        select(Paper)
        .join(PaperKind, PaperKind.id == Paper.kind_id)
        .join(Folder, Folder.id == Paper.folder_id)
        .where(
            Paper.project_id == world.projects["JPYL"].id, Paper.state == PaperState.IN, PaperKind.code == "contract",
            Folder.stage == Stage.FILING,
        )
        .order_by(Paper.id)
        .limit(9)
    )  # fmt: skip
    return list(session.scalars(query))


def _loan(session: Any, world: World, paper: Any, borrower: str, ago: int, why: str, days: int) -> Any:
    model: Any = Loan if isinstance(paper, Paper) else FileLoan
    values: dict[str, Any] = {
        "paper_id": paper.id,
        "project_id": paper.project_id,
        "purpose": why,
        "due_on": world.day(ago - days),
    }
    if borrower in world.people:
        values["borrower_id"] = world.people[borrower].id
    else:
        values["outsider"] = borrower
    if model is Loan:
        values |= {"owner_id": paper.owner_id, "team_id": paper.team_id}
    made = entered(session, world, CLERK, world.at(ago, 10, 10), model(**values))
    step(session, world, CLERK, world.at(ago, 10, 12), made, "submit")
    return made


def _out(session: Any, world: World, loan: Any, ago: int, receiver: str) -> None:
    agree(session, world, loan, BOSS, world.at(ago, 11, 30))
    step(session, world, CLERK, world.at(ago, 14, 5), loan, "lend", receiver=receiver, due_on=loan.due_on)


def _loans(session: Any, world: World, papers: list[Paper]) -> None:
    """One came back, one is out in time, two are late, one waits for the supervisor."""
    back = _loan(session, world, papers[0], OFFICER, 30, "办理预告登记", 5)
    _out(session, world, back, 30, "许静")
    step(session, world, CLERK, world.at(26, 16), back, "give_back", on=world.day(26), condition="完好")
    _out(
        session,
        world,
        _loan(session, world, papers[1], "江城银行滨江支行 赵经理", 15, "按揭补件核对原件", 7),
        15,
        "赵经理",
    )
    _out(session, world, _loan(session, world, papers[2], "consultant2", 3, "客户核对合同附件", 7), 3, "何涛")
    _loan(session, world, papers[3], "consultant1", 0, "客户办理落户", 3)
    rent = world.kept["户外广告发布合同（滨江大道）"]
    _out(session, world, _loan(session, world, rent, "marketing", 12, "续签谈判", 7), 12, "沈悦")


def _handovers(session: Any, world: World, papers: list[Paper]) -> None:
    """Contracts went to the title office; the next list is being filled."""
    for ago, sheets, signed in ((21, papers[:2], True), (0, papers[2:4], False)):
        made = entered(session, world, OFFICER, world.at(ago, 9, 40), PaperHandover(
            project_id=world.projects["JPYL"].id, receiver_kind=Receiver.TITLE_OFFICE, organisation="江城市不动产登记中心",
            purpose="办理不动产权证",
        ))  # fmt: skip
        numbers = "\n".join(paper.number or "" for paper in sheets)
        step(session, world, OFFICER, world.at(ago, 9, 45), made, "put", folder=None, numbers=numbers)
        if signed:
            step(
                session, world, OFFICER, world.at(ago, 15), made, "hand", receiver="登记中心 孙科长", on=world.day(ago)
            )


def _incoming(session: Any, world: World) -> None:
    """Answered, being handled and late, new today."""
    rows = (
        (
            34,
            Counterpart.AUTHORITY,
            "江城市住房和城乡建设局",
            "江住建〔2026〕58 号",
            "关于开展商品房销售专项检查的通知",
            LetterKind.NOTICE,
        ),
        (6, Counterpart.DEVELOPER, "江城置业有限公司", "江置函 31", "关于提供三号楼按揭进度的函", LetterKind.LETTER),
        (0, Counterpart.BANK, "江城银行滨江支行", "", "关于更新按揭合作利率的函", LetterKind.LETTER),
    )
    made = []
    for ago, kind, sender, number, subject, what in rows:
        letter = IncomingLetter(
            project_id=world.projects["JPYL"].id, kind=what, from_kind=kind, sender=sender, their_number=number, subject=subject,
            received_on=world.day(ago),
        )  # fmt: skip
        made.append(entered(session, world, CLERK, world.at(ago, 9, 20), letter, lambda one: register(session, one)))
    checked, asked, _new = made
    step(session, world, SM, world.at(34, 9, 50), checked, "assign", handler=world.people[BOSS].id)
    step(
        session,
        world,
        BOSS,
        world.at(32, 16),
        checked,
        "reply",
        on=world.day(32),
        outcome="已按通知自查，自查表送住建局签收",
    )
    step(session, world, SM, world.at(6, 10), asked, "assign", handler=world.people[OFFICER].id)
    world.kept["asked letter"] = asked


def _outgoing(session: Any, world: World) -> None:
    """Sent and not answered in time, waiting for two reviews, a draft."""

    def letter(ago: int, login: str, **values: Any) -> OutgoingLetter:
        made: OutgoingLetter = entered(
            session, world, login, world.at(ago, 10, 30), OutgoingLetter(project_id=world.projects["JPYL"].id, **values)
        )
        return made

    urge = letter(
        12, CLERK, kind=LetterKind.NOTICE, to_kind=Counterpart.BUYER, recipient="2栋1单元1302 买受人", subject="催签函",
        content="您认购的 2栋1单元1302 已过应签约日期，请收到本函后三日内到案场签约；逾期将按认购书约定处理。", needs_answer=world.day(5),
    )  # fmt: skip
    step(session, world, CLERK, world.at(12, 10, 40), urge, "submit")
    agree(session, world, urge, BOSS, world.at(12, 11, 20))
    step(session, world, CLERK, world.at(12, 15), urge, "send", on=world.day(12), express_no="SF1042026118800")
    answer = letter(
        1, OFFICER, to_kind=Counterpart.DEVELOPER, recipient="江城置业有限公司", subject="三号楼按揭进度说明",
        content="三号楼按揭进度见附表，未放款客户的原因和预计放款日期已逐户列明。", answers_id=world.kept["asked letter"].id,
    )  # fmt: skip
    step(session, world, OFFICER, world.at(1, 16), answer, "submit")
    agree(session, world, answer, BOSS, world.at(1, 17, 10), "数据已核对")
    check = letter(
        0, CLERK, kind=LetterKind.NOTICE, to_kind=Counterpart.BUYER, recipient="三号楼已签约客户", subject="按揭补件通知",
        content="请于本周五前将收入证明、银行流水原件交到案场。",
    )  # fmt: skip
    step(session, world, CLERK, world.at(0, 9, 50), check, "submit")
    letter(
        0,
        BOSS,
        kind=LetterKind.FAX,
        to_kind=Counterpart.HEAD_OFFICE,
        recipient="销管部",
        subject="下月培训需求",
        content="申请安排合同条款培训一次。",
    )


def _seals(session: Any, world: World) -> None:
    """Put back, still out and late, agreed, waiting for 甲方 and for the site manager."""

    def use(seal: SealKind, what: str, copies: int, ago: int, why: str) -> SealUse:
        made: SealUse = entered(session, world, OFFICER, world.at(ago, 9, 30), SealUse(
            project_id=world.projects["JPYL"].id, seal=seal, subject=what, copies=copies, wanted_on=world.day(ago), user="许静", reason=why,
        ))  # fmt: skip
        step(session, world, OFFICER, world.at(ago, 9, 32), made, "submit_site" if seal is SealKind.SITE else "submit")
        return made

    def used(paper: SealUse, keeper: str, ago: int, back: int | None) -> None:
        agree(session, world, paper, keeper, world.at(ago, 10, 30))
        due: Any = None if back == ago else world.day(ago - 1)
        step(
            session,
            world,
            OFFICER,
            world.at(ago, 11),
            paper,
            "use",
            on=world.day(ago),
            copies=paper.copies,
            witness="方芳",
            due_on=due,
        )
        if back is not None:
            step(session, world, OFFICER, world.at(back, 17), paper, "give_back", on=world.day(back))

    used(use(SealKind.CONTRACT, "商品房买卖合同 4 份（3栋1单元901）", 4, 9, "签约用印"), "developer_site", 9, 9)
    used(use(SealKind.COMPANY, "备案申请表", 2, 4, "带到房管局现场用印"), "developer_site", 4, None)
    used(use(SealKind.SITE, "催签函", 1, 12, "寄送客户"), SM, 12, 12)
    use(SealKind.CONTRACT, "商品房买卖合同 4 份（3栋1单元902）", 4, 0, "签约用印")
    use(SealKind.SITE, "按揭补件通知 12 份", 12, 0, "寄送客户")
