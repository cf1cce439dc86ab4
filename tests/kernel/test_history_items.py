"""变更历史 of a page: what was changed, not what belonged to the registration."""

from __future__ import annotations

from app.features.complaints.cases.models import Complaint
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.screens.detail import history_items
from app.kernel.transactions import write
from app.kernel.workflow import history
from tests.cast import Cast
from tests.features.complaints.papers import case
from tests.features.deals import orders


def told(cast: Cast, pk: int) -> list[str]:
    paper, actor = orders.fresh(cast, Complaint, pk), cast.actor("supervisor")
    with acting_as(actor):
        paper = cast.session.merge(paper)
        return [item.label for item in history_items(cast.session(), paper, actor, history(cast.session(), paper))]


def test_number_and_clocks_belong_to_the_registration(cast: Cast) -> None:
    pk = case(cast).id
    with acting_as(SYSTEM):
        lines = cast.session.query(AuditEntry).filter_by(subject="complaint", subject_id=pk, act="update").count()
    assert lines > 0, "they are in the trail"
    assert told(cast, pk) == ["登记"]


def test_what_is_changed_afterwards_is_told(cast: Cast) -> None:
    pk = case(cast).id
    with acting_as(cast.actor("clerk")):
        paper = cast.session.get(Complaint, pk)

        def change() -> None:
            paper.facts = "等了四十分钟"

        write(cast.session, change)
    assert "事实" in told(cast, pk)
