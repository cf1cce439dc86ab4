"""交楼通知, 验房表, 钥匙签收单, 面积补差单, 办证资料清单 on paper: what stands on them at each stage."""

from __future__ import annotations

from app.features.handover.areas.models import AreaSettlement
from app.features.handover.handings.models import Handover
from app.kernel.actors import SYSTEM, acting_as
from tests.features.deals import orders
from tests.features.handover.homes import SVC, even, handed_over, handing, settlement, signed_home
from tests.features.handover.test_deeds import batch, deed  # noqa: F401 - the fixture is used by its name
from tests.features.handover.test_handings import defect
from tests.kernel.papers.words import told


def test_the_notice_then_the_inspection_then_the_keys(cast):
    contract = signed_home(cast)
    paper = handing(cast, contract)
    with acting_as(SYSTEM):
        assert set(told(cast.session, orders.fresh(cast, Handover, paper.id))) == {"handover_notice"}
    orders.step(cast, paper, "notify", SVC, on=orders.today(), express_no="EMS1")
    defect(cast, orders.fresh(cast, Handover, paper.id))
    with acting_as(SYSTEM):
        papers = told(cast.session, orders.fresh(cast, Handover, paper.id))
    assert "王伟" in papers["handover_notice"] and "EMS1" in papers["handover_notice"]
    assert "水管渗水" in papers["inspection"] and "渗漏" in papers["inspection"]


def test_after_the_keys_the_receipt_tells_meters_and_papers(cast):
    paper = handed_over(cast, signed_home(cast))
    with acting_as(SYSTEM):
        papers = told(cast.session, orders.fresh(cast, Handover, paper.id))
    assert set(papers) == {"inspection", "key_receipt"}
    for text in ("住宅质量保证书", "88.5", "3 把", "王伟"):
        assert text in papers["key_receipt"], text


def test_the_area_settlement_names_sum_and_capitals(cast):
    contract = signed_home(cast)
    made = settlement(cast, contract, "91.00")
    orders.step(cast, made, "submit", SVC)
    with acting_as(SYSTEM):
        fresh = orders.fresh(cast, AreaSettlement, made.id)
        text = told(cast.session, fresh)["area_settlement"]
    assert "91.00" in text and "买受人补交" in text and "人民币" in text and contract.contract_no in text


def test_nothing_to_settle_is_printed_too(cast):
    made = even(cast, signed_home(cast))
    with acting_as(SYSTEM):
        assert "零元整" in told(cast.session, orders.fresh(cast, AreaSettlement, made.id))["area_settlement"]


def test_the_list_of_the_title_deed(cast, batch):  # noqa: F811
    orders.step(cast, batch, "open_deeds", "contract_officer")
    with acting_as(SYSTEM):
        text = told(cast.session, deed(cast))["deed_list"]
    assert "契税完税凭证" in text and "未交" in text
