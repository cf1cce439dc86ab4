"""同意书 and 客户档案报送: the text in its versions, batches in every state, customers who took a consent back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.demo.approvals import agree
from app.demo.world import World
from app.features.customers.choices import ConsentChannel, CustomerState
from app.features.customers.consents.models import Consent, ConsentText, Purpose
from app.features.customers.models import Customer
from app.features.dossiers.effects import households_sent
from app.features.dossiers.models import BatchKind, DossierBatch, DossierFile, Standing
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from app.kernel.workflow import fire

A = "JPYL"
TEXT = """一、我们为接待您购房咨询、办理认购签约，收集您的姓名、联系电话、购房需求；办理认购时另收集证件号码和送达地址。
二、未成交的，保存到最后一次联系后 24 个月，到期作匿名处理；成交的，按合同、会计和反洗钱法规定的年限保存。
三、向甲方营销策划部、贷款银行、渠道提供您的信息，以及给您打营销电话，都须您单独同意。不同意不影响接待和购房。
四、您可以随时向案场查阅、复制、更正、删除您的信息，或撤回同意；我们在 15 个工作日内答复。"""


def load(session: Any, world: World) -> None:
    """The chapter: each act on its day by whoever does it."""
    _texts(session, world)
    first = received(session, world, BatchKind.DEALS, 20, "截至上月成交客户")
    received(session, world, BatchKind.INTENT, 9, "意向客户周报")
    returned = submitted(session, world, BatchKind.DEALS, 6, "本周成交客户")
    with world.acting("developer_marketing", world.at(5, 15)) as who:
        fire(session, returned, "give_back", who, note="请补充职业和家庭结构，便于做成交客户分析")
    submitted(session, world, BatchKind.INTENT, 1, "意向客户周报")
    _one_comes_back(session, world, first)
    _void(session, world)
    with world.acting("supervisor", world.at(0, 8, 50)) as who:
        draft = _new(session, world, BatchKind.DEALS, "本周成交客户，待核对")
        fire(session, draft, "fill", who)
    _withdrawals(session, world)


def _texts(session: Any, world: World) -> None:
    for edition, days, changes in (
        ("2025-06", 160, "首次拟定"),
        ("2026-01", 75, "营销电话改为单独同意"),
        ("2026-02", 3, "写明保存期限"),
    ):
        text = _text(session, world, edition, days, changes)
        with world.acting("supervisor", world.at(days, 10)) as who:
            fire(session, text, "submit", who)
        if days > 3:
            agree(session, world, text, "site_manager", world.at(days, 14))
            agree(session, world, text, "developer_legal", world.at(days - 1, 10))
    _text(session, world, "2026-03", 1, "拟增加小程序登记的告知")
    wrong = _text(session, world, "2026-0", 2, "版本号写错")
    with world.acting("supervisor", world.at(2, 11)) as who:
        fire(session, wrong, "void", who, note="版本号写错，另拟")


def _text(session: Any, world: World, edition: str, days: int, changes: str) -> ConsentText:
    with world.acting("supervisor", world.at(days, 9)):
        return _saved(session, ConsentText(
            project_id=world.projects[A].id, edition=edition, handler="静湖置业有限公司、安居房地产顾问有限公司",
            contact="江畔云庐案场客服台", content=TEXT, changes=changes,
        ))  # fmt: skip


def _new(session: Any, world: World, kind: BatchKind, note: str) -> DossierBatch:
    return _saved(session, DossierBatch(project_id=world.projects[A].id, kind=kind, note=note))


def _saved(session: Any, record: Any) -> Any:
    def work() -> Any:
        session.add(record)
        session.flush()
        return record

    return write(session, work)


def submitted(session: Any, world: World, kind: BatchKind, days: int, note: str) -> DossierBatch:
    """Filled by the clerk, submitted by the supervisor."""
    with world.acting("clerk", world.at(days, 10)) as who:
        batch = _new(session, world, kind, note)
        fire(session, batch, "fill", who)
    with acting_as(SYSTEM):  # the demo has travelled back: of what is waiting, some is left for later batches
        _leave(session, batch, 6)
    with world.acting("supervisor", world.at(days, 16)) as who:
        fire(session, batch, "submit", who)
    return batch


def received(session: Any, world: World, kind: BatchKind, days: int, note: str) -> DossierBatch:
    """And signed for on the next day."""
    batch = submitted(session, world, kind, days, note)
    with world.acting("developer_marketing", world.at(days - 1, 11)) as who:
        fire(session, batch, "receive", who)
    return batch


def _one_comes_back(session: Any, world: World, batch: DossierBatch) -> None:
    """Of a batch that was received one household is given back alone: it goes again as 第 2 版 with the draft of today."""
    with world.acting("developer_marketing", world.at(1, 15)) as who:
        household, _words = households_sent(batch)[0]
        fire(session, batch, "return_one", who, household=household, note="职业没有填，请补充后再报")


def _leave(session: Any, batch: DossierBatch, most: int) -> None:
    query = select(DossierFile).where(DossierFile.batch_id == batch.id, DossierFile.standing == Standing.WAITING)
    rows = list(session.scalars(query.order_by(DossierFile.id)))[most:]

    def work() -> None:
        for row in rows:
            session.delete(row)
        session.flush()
        session.expire(batch, ["files"])

    write(session, work)


def _void(session: Any, world: World) -> None:
    with world.acting("clerk", world.at(4, 9)) as who:
        batch = _new(session, world, BatchKind.INTENT, "重复新增")
        fire(session, batch, "void", who, note="与周报重复")


def _withdrawals(session: Any, world: World) -> None:
    """One of those whose files went takes the sharing back; another wants no marketing calls."""
    gone = select(DossierFile.customer_id).where(DossierFile.standing == Standing.SENT)
    going = select(Customer).where(
        Customer.state.in_([CustomerState.NEW, CustomerState.FOLLOWING]), Customer.project_id == world.projects[A].id
    )
    with acting_as(SYSTEM):
        one = session.scalars(going.where(Customer.id.in_(gone)).order_by(Customer.id)).first()
        agreed = select(Consent.customer_id).where(Consent.purpose == Purpose.SHARE_DEVELOPER)
        two = session.scalars(
            going.where(Customer.id.in_(agreed), Customer.id.not_in(gone)).order_by(Customer.id)
        ).first()
    with world.acting("supervisor", world.at(0, 8, 55)) as who:
        if one is not None:
            fire(session, one, "withdraw_consent", who, purpose=Purpose.SHARE_DEVELOPER)
        if two is not None:
            fire(
                session, two, "note_consent", who, version="2026-01", channel=ConsentChannel.PAPER, agree_marketing=True
            )
            fire(session, two, "withdraw_consent", who, purpose=Purpose.MARKETING)
