"""Short makers of loans, letters, seals and regulations."""

from __future__ import annotations

from typing import Any

from app.features.archive.handovers.models import PaperHandover, Receiver
from app.features.archive.letters.effects import register
from app.features.archive.letters.models import Counterpart, IncomingLetter, OutgoingLetter
from app.features.archive.loans.models import FileLoan, Loan
from app.features.archive.papers.models import Paper
from app.features.archive.regulations.effects import begin_series
from app.features.archive.regulations.models import Regulation, RegulationKind
from app.features.archive.seals.models import SealKind, SealUse
from app.features.archive.templates.models import PaperTemplate
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o


def mine(cast: Cast, login: str = "clerk", project: str = "a") -> dict[str, Any]:
    return {"project_id": cast.project_ids[project], "created_by": cast.person_ids[login]}


def loan(cast: Cast, paper: Any, borrower: str | None = "consultant1", **more: Any) -> Any:
    """A draft loan of a paper that was entered by the clerk."""
    model: Any = Loan if isinstance(paper, Paper) else FileLoan
    values = {"paper_id": paper.id, "purpose": "客户办理公积金", "due_on": o.today(7), **mine(cast)} | more
    if borrower:
        values["borrower_id"] = cast.person_ids[borrower]
    if model is Loan:
        values |= {"owner_id": paper.owner_id, "team_id": paper.team_id}
    return saved(cast.session, model(**values))


def lent(cast: Cast, paper: Any, borrower: str = "consultant1", **more: Any) -> Any:
    """Approved and handed out."""
    made = o.step(cast, loan(cast, paper, borrower, **more), "submit", "clerk")
    o.decided(cast, made, "supervisor")
    return o.step(cast, made, "lend", "clerk", receiver="林晓", due_on=more.get("due_on", o.today(7)))


def handover(cast: Cast, **more: Any) -> PaperHandover:
    values = {
        "receiver_kind": Receiver.DEVELOPER,
        "organisation": "江城置业有限公司",
        "purpose": "办理备案",
        **mine(cast),
    } | more
    return saved(cast.session, PaperHandover(**values))


def incoming(cast: Cast, **more: Any) -> IncomingLetter:
    """A registered letter of 甲方."""
    values = {
        "from_kind": Counterpart.DEVELOPER,
        "sender": "江城置业有限公司",
        "subject": "关于交付时间的函",
        **mine(cast),
    } | more
    letter = saved(cast.session, IncomingLetter(**values))

    def work() -> None:
        register(cast.session(), cast.session.get(IncomingLetter, letter.id))

    with acting_as(SYSTEM):
        write(cast.session, work)
    return o.fresh(cast, IncomingLetter, letter.id)


def outgoing(cast: Cast, to: Counterpart = Counterpart.BUYER, **more: Any) -> OutgoingLetter:
    values = {
        "to_kind": to,
        "recipient": "王伟",
        "subject": "签约通知",
        "content": "请于七日内到案场签约。",
        **mine(cast),
    } | more
    return saved(cast.session, OutgoingLetter(**values))


def seal_use(cast: Cast, seal: SealKind = SealKind.CONTRACT, **more: Any) -> SealUse:
    values = {
        "seal": seal,
        "subject": "商品房买卖合同 HT-1",
        "copies": 4,
        "user": "许静",
        "reason": "签约",
        **mine(cast),
    } | more
    return saved(cast.session, SealUse(**values))


def regulation(cast: Cast, **more: Any) -> Regulation:
    """A drafted regulation of the supervisor."""
    values = {
        "title": "案场接待流程",
        "kind": RegulationKind.PROCESS,
        "content": "客户进门三十秒内问候。",
        **mine(cast, "supervisor"),
    } | more
    paper = saved(cast.session, Regulation(**values))

    def work() -> None:
        begin_series(cast.session(), cast.session.get(Regulation, paper.id))

    with acting_as(SYSTEM):
        write(cast.session, work)
    return o.fresh(cast, Regulation, paper.id)


def paper_template(cast: Cast, **more: Any) -> PaperTemplate:
    """A draft of the clerk, still without its file."""
    values = {"paper_key": "reservation", "title": "认购书", "changes": "换了抬头", **mine(cast)} | more
    return saved(cast.session, PaperTemplate(**values))


def in_force(cast: Cast, paper: Regulation | None = None) -> Regulation:
    """Through opinions, study and the site manager's word."""
    made = o.step(cast, paper or regulation(cast), "ask_opinions", "supervisor")
    made = o.step(cast, made, "study", "supervisor", on=o.today(), conclusion="同意按修改稿执行")
    made = o.step(cast, made, "submit", "supervisor")
    return o.decided(cast, made, "site_manager")
