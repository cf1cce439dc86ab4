"""一户一档 with the cast: opened by the order, filled by its steps, counted at every change (02 §2.5.8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.features.archive.folders.effects import recount_project
from app.features.archive.folders.models import Folder, FolderState, PaperKind
from app.features.archive.models import Medium, PaperState, Stage
from app.features.archive.papers.models import Paper
from app.features.deals.archiving import open_missing
from app.features.deals.changes.models import ChangeKind, FaultOf
from app.features.deals.contracts.models import Contract
from app.features.deals.reservations.models import Reservation
from app.features.payments.models import Receipt
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from app.kernel.transactions import write
from tests.features.archive import files as f
from tests.features.deals import orders as o


def taken_in(cast, paper):
    return o.step(cast, paper, "take_in", "clerk")


def test_an_effective_order_opens_its_folder(cast):
    folder = f.household(cast)
    assert folder.number == "JPYL-1102栋-1单元1102"
    assert (folder.stage, folder.state, folder.due_on) == (Stage.ORDER, FolderState.OPEN, o.today(1))
    assert folder.owner_id == cast.person_ids["consultant1"]
    assert (folder.needed, folder.present, folder.missing_names) == (3, 1, "认购书、身份证明复印件")
    awaited, receipt = f.papers_of(cast, folder)
    assert (awaited.state, awaited.medium, awaited.due_on, awaited.number) == (
        PaperState.EXPECTED,
        Medium.ORIGINAL,
        o.today(1),
        None,
    )
    assert (receipt.state, receipt.medium, receipt.number) == (PaperState.IN, Medium.ELECTRONIC, f"{folder.number}-01")
    assert "20,000.00 元" in receipt.title


def test_the_awaited_order_comes_in_and_counts(cast):
    folder = f.household(cast)
    awaited = taken_in(cast, f.papers_of(cast, folder)[0])
    assert (awaited.state, awaited.number, awaited.keeper_id) == (
        PaperState.IN,
        f"{folder.number}-02",
        cast.person_ids["clerk"],
    )
    assert o.fresh(cast, Folder, folder.id).missing_names == "身份证明复印件"
    f.paper(cast, folder, "identity")
    complete = o.fresh(cast, Folder, folder.id)
    assert (complete.missing, complete.completeness) == (0, "3 / 3")


def test_the_desk_alone_files(cast):
    awaited = f.papers_of(cast, f.household(cast))[0]
    for login in ("consultant1", "supervisor", "developer_site"):
        with pytest.raises(Forbidden):
            o.step(cast, awaited, "take_in", login)


def test_a_signed_contract_brings_its_stage_and_its_paper(cast):
    folder = f.household(cast)
    contract = o.signed(cast, o.fresh(cast, Reservation, folder.subject_id))
    folder = o.fresh(cast, Folder, folder.id)
    assert (folder.stage, folder.stage_on) == (Stage.SIGN, contract.signed_on)
    assert "商品房买卖合同" in folder.missing_names and "婚姻证明复印件" in folder.missing_names
    titles = [paper.title for paper in f.papers_of(cast, folder)]
    assert "商品房买卖合同 HT-1" in titles
    filed = o.step(cast, o.step(cast, contract, "go_online", "contract_officer", on=o.today()), "file", "contract_officer",
                   on=o.today(), filed_no="BA-7")  # fmt: skip
    assert filed.filed_on == o.today()
    assert o.fresh(cast, Folder, folder.id).stage is Stage.FILING  # a lump-sum buyer has no 按揭
    assert "备案证明 BA-7" in [paper.title for paper in f.papers_of(cast, folder)]


def test_a_red_entry_voids_the_filed_receipt(cast):
    folder = f.household(cast)
    receipt_paper = f.papers_of(cast, folder)[1]
    receipt = o.fresh(cast, Receipt, receipt_paper.source_id)
    o.step(cast, receipt, "ask_reversal", "developer_finance", note="刷错账户")
    o.decided(cast, o.fresh(cast, Receipt, receipt.id), "developer_finance2")
    assert o.fresh(cast, Paper, receipt_paper.id).state is PaperState.VOID
    assert "付款票据复印件" in o.fresh(cast, Folder, folder.id).missing_names


def test_an_executed_withdrawal_ends_the_folder(cast):
    folder = f.household(cast)
    order = o.fresh(cast, Reservation, folder.subject_id)
    change = o.approved_change(cast, order, ChangeKind.WITHDRAWAL, FaultOf.NOBODY)
    o.step(cast, change, "execute", "developer_finance")
    folder = o.fresh(cast, Folder, folder.id)
    assert (folder.state, folder.missing, folder.settled_on) == (FolderState.ENDED, 0, o.today())
    change_paper = f.papers_of(cast, folder)[-1]
    assert change_paper.title.startswith("退订申请") and change_paper.state is PaperState.IN


def test_the_second_household_of_a_home_has_a_number_of_its_own(cast):
    where, paid_by = o.unit(cast), o.scheme(cast)
    order = o.effective(cast, where, o.customer(cast), paid_by)
    first = f.folder_of(cast, order)
    change = o.approved_change(cast, order, ChangeKind.WITHDRAWAL, FaultOf.NOBODY)
    o.step(cast, change, "execute", "developer_finance")
    buyer = o.customer(cast, phone="10000005678", name="赵敏")
    second = f.folder_of(cast, o.effective(cast, where, buyer, paid_by))
    assert second.number == f"{first.number}-2户"


def test_settling_needs_every_paper_and_starts_the_years(cast):
    folder = f.household(cast)
    with pytest.raises(RuleError, match="还缺 2 种资料"):
        o.step(cast, folder, "settle", "clerk")
    order_paper = taken_in(cast, f.papers_of(cast, folder)[0])
    f.paper(cast, folder, "identity")
    assert order_paper.keep_until is None
    settled = o.step(cast, folder, "settle", "clerk")
    assert settled.state is FolderState.SETTLED
    assert o.fresh(cast, Paper, order_paper.id).keep_until == o.today().replace(year=o.today().year + 10)
    o.step(cast, settled, "reopen", "supervisor", note="补收资料")
    assert o.fresh(cast, Paper, order_paper.id).keep_until is None


def test_a_voided_paper_is_missing_again(cast):
    folder = f.household(cast)
    identity = f.paper(cast, folder, "identity")
    assert o.fresh(cast, Folder, folder.id).missing == 1
    o.step(cast, identity, "void", "clerk", note="归错户")
    assert o.fresh(cast, Folder, folder.id).missing == 2


def test_a_changed_list_counts_in_every_open_folder(cast):
    folder = f.household(cast)
    with acting_as(SYSTEM):
        write(cast.session, lambda: cast.session.execute(
            update(PaperKind).where(PaperKind.code == "identity").values(required=False), execution_options={"unscoped": True}
        ))  # fmt: skip
        assert write(cast.session, lambda: recount_project(cast.session, folder.project_id)) == 1
    assert o.fresh(cast, Folder, folder.id).missing_names == "认购书"


def test_the_place_of_the_folder_is_that_of_its_papers(cast):
    folder = f.household(cast)
    elsewhere = f.paper(cast, folder, "identity")
    o.step(cast, elsewhere, "move", "clerk", box="证件盒", shelf="保险柜")
    o.step(cast, folder, "place", "clerk", box="03", shelf="2 柜 3 层")
    receipt = f.papers_of(cast, folder)[1]
    assert (receipt.box, receipt.shelf) == ("03", "2 柜 3 层")
    assert o.fresh(cast, Paper, elsewhere.id).box == "证件盒"


def test_orders_from_before_the_archive_get_their_folder(cast):
    order = o.fresh(cast, Reservation, f.household(cast).subject_id)
    order_id, contract_id = order.id, o.signed(cast, order).id
    with acting_as(SYSTEM):
        cast.session.rollback()

        def forget() -> None:
            for table in (Paper.__table__, Folder.__table__):
                cast.session.execute(table.delete())

        write(cast.session, forget)
        assert write(cast.session, lambda: open_missing(cast.session)) == 1
        assert write(cast.session, lambda: open_missing(cast.session)) == 0
    again = f.folder_of(cast, o.fresh(cast, Reservation, order_id))
    assert again.stage is Stage.SIGN
    assert o.fresh(cast, Contract, contract_id).signed_on == again.stage_on
    assert again.due_on == again.stage_on + timedelta(days=1)
