"""合同 in mode A and B through every state, its deadlines, and what happens after a revoked one (02 §2.2.1–2.2.3)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.features.deals.changes.models import ChangeKind, ChangeState, FaultOf, Relation
from app.features.deals.changes.rules import contract_obstacle
from app.features.deals.contracts.deadlines import alert_of, watch_deadlines
from app.features.deals.contracts.models import Contract, ContractAlert, ContractState
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.deals.verify import verify
from app.features.organisation.models import Parameter
from app.features.payments.effects import account_of
from app.features.payments.models import FundKind, NoticeState, PaymentNotice
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import current_step, open_of
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import FLOWS, as_step, legal_steps
from tests.cast import Cast
from tests.factories import LONG_AGO, saved
from tests.features.deals import orders as o

CHAIN = ("supervisor", "site_manager", "developer_site")
S = ContractState


def put(cast: Cast, key: str, value: str) -> None:
    saved(cast.session, Parameter(key=key, value=value, project_id=cast.project_ids["a"], effective_from=LONG_AGO))


def offered(cast: Cast, paper: Contract) -> set[str]:
    """What contract officer and 甲方现场负责人 may do with the contract now."""
    found: set[str] = set()
    for login in ("contract_officer", "developer_site"):
        actor = cast.actor(login)
        with acting_as(actor):
            row = cast.session.get(Contract, paper.id, populate_existing=True)
            found |= {step.name for step in legal_steps(row, actor)}
            cast.session.rollback()
    return found


def state_of(cast: Cast, where: Unit) -> UnitState:
    return o.fresh(cast, Unit, where.id).state


SIGNING = {"buyer_sign", "seller_seal", "hand_key"}
LEGAL = {
    "A": {
        S.DRAFT: {"submit", "void"},
        S.APPROVED: {"enter", "void", *SIGNING},
        S.ENTERED: {"sign", "revoke", *SIGNING},
        S.SIGNED: {"go_online", "revoke", "hand_key"},
        S.ONLINE: {"file", "revoke", "hand_key"},
        S.FILED: {"collect", "revoke", "hand_key"},
        S.COLLECTED: {"revoke", "hand_key"},
    },
    "B": {
        S.DRAFT: {"submit", "void"},
        S.APPROVED: {"sign_on_paper", "void", *SIGNING},
        S.SIGNED: {"go_online", "revoke", "hand_key"},
        S.ONLINE: {"file", "revoke", "hand_key"},
        S.FILED: {"collect", "revoke", "hand_key"},
        S.COLLECTED: {"revoke", "hand_key"},
    },
}


@pytest.mark.parametrize("mode", ["A", "B"])
def test_the_mode_says_which_step_comes_next(cast: Cast, mode: str) -> None:
    put(cast, "contract_mode", mode)
    where = o.unit(cast)
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    o.paid(cast, order, str((order.total or Decimal(0)) - Decimal(20000)), FundKind.PRICE)
    paper = o.contract(cast, order)
    seen: list[ContractState] = []

    def note() -> Contract:
        row = o.fresh(cast, Contract, paper.id)
        # every step that the mode does not offer here is refused, also by whoever holds its post
        legal = LEGAL[mode][row.state]
        approving = {name for name in offered(cast, row) if "." in name}
        assert offered(cast, row) - approving == legal, (mode, row.state)
        for step in FLOWS[Contract].steps:
            if not step.internal and step.name not in legal and Post.CONTRACT_OFFICER in step.by:
                with pytest.raises((Forbidden, RuleError)):
                    o.step(cast, row, step.name, "contract_officer", note="试一下")
        seen.append(row.state)
        return row

    def take(name: str, login: str = "contract_officer", **form: Any) -> None:
        o.step(cast, paper, name, login, **form)

    note()
    take("submit")
    for login in CHAIN:
        o.decided(cast, paper, login)
    note()
    unit_then = UnitState.ORDER
    if mode == "A":
        take("enter", online_no="WQ-1", keeper="赵敏")
        unit_then = UnitState.DRAFT
        assert note().key_keeper == "赵敏"
    assert state_of(cast, where) is unit_then
    name = "sign" if mode == "A" else "sign_on_paper"
    with pytest.raises(RuleError, match="买方签署、甲方盖章"):
        take(name, on=o.today(), contract_no="HT-1")
    take("buyer_sign", on=o.today())
    take("seller_seal", "developer_site", on=o.today())
    with pytest.raises(RuleError, match="不能晚于今天"):
        take(name, on=o.today(1), contract_no="HT-1")
    take(name, on=o.today(), contract_no="HT-1")
    assert state_of(cast, where) is UnitState.SIGN and note().contract_no == "HT-1"
    with pytest.raises(RuleError, match="不能早于上一步"):
        take("go_online", on=o.today(-1))
    take("go_online", on=o.today(), online_no="WQ-1")
    note()
    take("file", on=o.today(), filed_no="BA-1")
    assert o.fresh(cast, Unit, where.id).filed_on == o.today()
    note()
    take("collect", on=o.today())
    assert note().collected_on == o.today()
    take("hand_key", keeper="何涛")
    with pytest.raises(RuleError, match="现在就由 何涛 保管"):
        take("hand_key", keeper="何涛")
    assert seen == list(LEGAL[mode])


def test_legal_reads_changed_terms_and_no_others(cast: Cast) -> None:
    put(cast, "contract_mode", "B")
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    paper = o.contract(cast, order)

    def changed(value: bool) -> None:
        with as_step(cast.session):
            cast.session.get(Contract, paper.id).terms_changed = value
            cast.session.flush()

    def stations() -> list[Post]:
        found = []
        while (request := open_of(cast.session, o.fresh(cast, Contract, paper.id))) is not None:
            post = Post(current_step(request).post)
            found.append(post)
            o.decided(cast, paper, str(post), "return" if post is Post.DEVELOPER_SITE else "approve")
        return found

    for value, legal in ((False, []), (True, [Post.DEVELOPER_LEGAL])):
        with acting_as(SYSTEM):
            write(cast.session, lambda value=value: changed(value))
        o.step(cast, paper, "submit", "contract_officer")
        with acting_as(SYSTEM):
            assert stations() == [Post.SUPERVISOR, Post.SITE_MANAGER, *legal, Post.DEVELOPER_SITE]


DAYS = {
    "online_sign_days": 3, "filing_days": 30, "filing_alert_days": 20, "filing_urgent_days": 28, "collect_days": 45,
}  # fmt: skip
A = ContractAlert


@pytest.mark.parametrize(
    ("past", "online", "filed", "alert"),
    [
        (3, False, False, None),
        (4, False, False, A.ONLINE),
        (4, True, False, None),
        (19, False, False, A.ONLINE),
        (19, True, False, None),
        (20, True, False, A.FILING),
        (27, False, False, A.FILING),
        (28, True, False, A.URGENT),
        (30, True, False, A.URGENT),
        (31, True, False, A.OVERDUE),
        (31, True, True, None),
        (45, True, True, None),
        (46, True, True, A.COLLECT),
    ],
)
def test_the_days_after_the_signature(past: int, online: bool, filed: bool, alert: ContractAlert | None) -> None:
    today = date(2026, 12, 31)
    signed = today - timedelta(days=past)
    assert alert_of(signed, today, DAYS, online=online, filed=filed, collected=False) is alert
    assert alert_of(signed, today, DAYS, online=online, filed=filed, collected=True) is None


def test_the_desk_hears_once_of_each_deadline_and_the_heads_urgently(cast: Cast, client_as) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    paper = o.signed(cast, order)

    def signed(days: int) -> None:
        table = Contract.__table__
        with cast.session.get_bind().begin() as connection:
            connection.execute(table.update().where(table.c.id == paper.id).values(signed_on=o.today(-days)))

    def run() -> int:
        cast.session.rollback()
        with acting_as(SYSTEM):
            return write(cast.session, lambda: watch_deadlines(cast.session))

    def told(login: str) -> list[tuple[str, bool]]:
        query = select(Notice.title, Notice.urgent).where(
            Notice.person_id == cast.person_ids[login], Notice.url.like("/contract/list/%")
        )
        return [tuple(row) for row in cast.session.execute(query.order_by(Notice.id))]

    assert run() == 0
    signed(20)
    assert (run(), run()) == (1, 0)
    assert told("contract_officer") == [("1 份合同备案临近", False)] and told("supervisor") == []
    assert "1 份合同快到备案期限" in client_as("contract_officer").get("/").text
    signed(28)
    assert run() == 1 and told("supervisor") == [("1 份合同备案即将到期", True)]
    o.step(cast, paper, "go_online", "contract_officer", on=o.today(), online_no="WQ-1")
    assert run() == 1, "the filing is still due"
    o.step(cast, paper, "file", "contract_officer", on=o.today(), filed_no="BA-1")
    assert o.fresh(cast, Contract, paper.id).alert is None and run() == 0
    signed(46)
    assert run() == 1 and o.fresh(cast, Contract, paper.id).alert is A.COLLECT
    assert paper.contract_no in client_as("contract_officer").get("/contract/list/?alert=collect").text


# ── after a revoked contract ────────────────────────────────
def revoked(cast: Cast, paper: Contract) -> Contract:
    o.step(cast, paper, "revoke", "contract_officer", note="已批变更")
    o.step(cast, paper, "accept_revocation", "contract_officer")
    return o.step(cast, paper, "revoked", "contract_officer")


def filed(cast: Cast, order: Reservation) -> Contract:
    paper = o.signed(cast, order)
    o.step(cast, paper, "go_online", "contract_officer", on=o.today(), online_no="WQ-1")
    return o.step(cast, paper, "file", "contract_officer", on=o.today(), filed_no="BA-1")


def healthy(cast: Cast) -> None:
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert list(verify(cast.session())) == []
        cast.session.rollback()


K = ChangeKind
ON_PAPER = (None, S.DRAFT, S.REVIEW, S.APPROVED)
KNOWN, AT_AUTHORITY = (S.ENTERED, S.SIGNED, S.ONLINE), (S.FILED, S.COLLECTED)


@pytest.mark.parametrize("exchange_on", [False, True])
@pytest.mark.parametrize("rename_on", [False, True])
@pytest.mark.parametrize("kind", list(K))
def test_what_the_contract_forbids(kind: ChangeKind, rename_on: bool, exchange_on: bool) -> None:
    switches = {"exchange_after_filing": exchange_on, "rename_after_filing": rename_on}
    for state in (*ON_PAPER, *KNOWN, *AT_AUTHORITY):
        refused = {
            K.EXCHANGE: state in AT_AUTHORITY and not exchange_on,
            K.RENAME: state not in ON_PAPER and not rename_on,
            K.CO_BUYERS: state not in ON_PAPER,
        }.get(kind, False)
        assert (contract_obstacle(kind, state, **switches) is not None) is refused, (kind, state)


def test_another_flat_after_a_signed_contract_was_revoked(cast: Cast) -> None:
    where, other = o.unit(cast), o.unit(cast, "1203")
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    contract = o.signed(cast, order)
    paper = o.agreed(cast, o.change(cast, order, K.EXCHANGE, new_unit_id=other.id), "submit_exchange", *CHAIN)
    with pytest.raises(RuleError, match="须先办完撤销"):
        o.step(cast, paper, "execute_exchange", "developer_finance", signed_on=o.today())
    assert revoked(cast, contract).state is S.REVOKED
    with pytest.raises(RuleError, match="只能办完"):
        o.step(cast, paper, "void", "consultant1", note="反悔")
    o.step(cast, paper, "execute_exchange", "developer_finance", signed_on=o.today())
    assert (state_of(cast, where), state_of(cast, other)) == (UnitState.FREE, UnitState.ORDER)
    born = o.fresh(cast, Reservation, paper.new_reservation_id)
    assert (born.state, born.total) == (ReservationState.EFFECTIVE, order.total)
    healthy(cast)
    assert o.signed_again(cast, born).state is S.SIGNED


def test_after_the_filing_an_exchange_is_the_projects_choice(cast: Cast) -> None:
    where, other = o.unit(cast), o.unit(cast, "1203")
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    contract = filed(cast, order)
    with pytest.raises(RuleError, match="备案后不办换房"):
        o.change(cast, order, K.EXCHANGE, new_unit_id=other.id)
    put(cast, "exchange_after_filing", "是")
    paper = o.agreed(cast, o.change(cast, order, K.EXCHANGE, new_unit_id=other.id), "submit_exchange", *CHAIN)
    revoked(cast, contract)
    o.step(cast, paper, "execute_exchange", "developer_finance", signed_on=o.today())
    assert state_of(cast, where) is UnitState.FREE and o.fresh(cast, Unit, where.id).filed_on is None
    healthy(cast)


@pytest.mark.parametrize("stage", ["entered", "signed"])
def test_another_name_after_a_revoked_contract_waits_and_is_signed_anew(cast: Cast, stage: str) -> None:
    where = o.unit(cast)
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    contract = (o.entered if stage == "entered" else o.signed)(cast, order)
    heir = o.customer(cast, "consultant1", "10000005678", "李芳")
    asked = {"new_customer_id": heir.id, "relation": Relation.SPOUSE, "consent_on": o.today()}
    with pytest.raises(RuleError, match="签约后不办更名"):
        o.change(cast, order, K.RENAME, **asked)
    put(cast, "rename_after_filing", "是")
    paper = o.change(cast, order, K.RENAME, **asked)
    o.proposed(cast, paper, "李芳", "110101199003070011")
    paper = o.agreed(cast, paper, "submit_rename", "supervisor", "site_manager", "project_manager", "developer_lead")
    revoked(cast, contract)
    with pytest.raises(RuleError, match="须等待 30 天"):
        o.step(cast, paper, "execute_rename", "developer_finance")
    put(cast, "rename_wait_days", "0")
    o.step(cast, paper, "execute_rename", "developer_finance")
    again = o.fresh(cast, Reservation, order.id)
    assert (again.state, again.customer_name, again.ends_as) == (ReservationState.EFFECTIVE, "李芳", None)
    assert state_of(cast, where) is UnitState.ORDER
    healthy(cast)
    later = o.approved_change(cast, again, K.WITHDRAWAL, FaultOf.NOBODY)
    assert o.step(cast, later, "void", "consultant1", note="不退了").state is ChangeState.VOID, (
        "the old contract is no hindrance"
    )
    assert o.contract(cast, again).state is S.DRAFT


def test_money_that_comes_while_the_contract_is_revoked_is_computed_anew(cast: Cast) -> None:
    where = o.unit(cast)
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    contract = o.signed(cast, order)
    paper = o.change(cast, order, K.CANCELLATION, FaultOf.SELLER)
    paper = o.agreed(
        cast, paper, "submit_cancellation", "supervisor", "site_manager", "project_manager", "developer_lead"
    )
    o.step(cast, contract, "revoke", "contract_officer", note="退房")
    o.paid(cast, order, "1000", FundKind.PRICE)
    with pytest.raises(RuleError, match="正在办理撤销"):
        o.step(cast, paper, "rework", "developer_finance", note="又到账")
    o.step(cast, contract, "accept_revocation", "contract_officer")
    o.step(cast, contract, "revoked", "contract_officer")
    with pytest.raises(RuleError, match="退回重算"):
        o.step(cast, paper, "execute", "developer_finance")
    assert o.step(cast, paper, "rework", "developer_finance", note="又到账").state is ChangeState.DRAFT
    with pytest.raises(RuleError, match="只能办完"):
        o.step(cast, paper, "void", "consultant1", note="反悔")


def notice(cast: Cast, order: Reservation) -> PaymentNotice:
    with acting_as(SYSTEM):
        account = account_of(cast.session, order.id)
    return saved(cast.session, PaymentNotice(
        project_id=order.project_id, owner_id=order.owner_id, team_id=order.team_id, account_id=account.id, kind=FundKind.PRICE,
        amount=Decimal(1000), created_by=cast.person_ids["consultant1"],
    ))  # fmt: skip


@pytest.mark.parametrize("kind", [K.EXCHANGE, K.WITHDRAWAL, K.FORFEITURE])
def test_open_payment_notices_of_a_closed_order_are_void(cast: Cast, kind: ChangeKind) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    carried = notice(cast, order)
    if kind is K.EXCHANGE:
        paper = o.change(cast, order, kind, new_unit_id=o.unit(cast, "1203").id)
        o.agreed(cast, paper, "submit_exchange", *CHAIN)
        o.step(cast, paper, "execute_exchange", "developer_finance", signed_on=o.today())
    else:
        fault = FaultOf.NOBODY if kind is K.WITHDRAWAL else FaultOf.BUYER
        o.step(cast, o.approved_change(cast, order, kind, fault), "execute", "developer_finance")
    assert o.fresh(cast, Reservation, order.id).close_kind in set(CloseKind)
    assert o.fresh(cast, PaymentNotice, carried.id).state is NoticeState.VOID
    with pytest.raises((RuleError, Forbidden)):
        o.step(cast, carried, "discard", "consultant1", note="再作废一次")
