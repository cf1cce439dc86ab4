"""移交单 with the cast: filled, signed, printed; its papers are 已移交 and count as on file."""

from __future__ import annotations

import pytest

from app.features.archive.folders.models import Folder
from app.features.archive.handovers.models import HandoverState, PaperHandover
from app.features.archive.handovers.rules import numbers_in
from app.features.archive.models import Medium, PaperState
from app.features.archive.papers.models import Paper
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from tests.features.archive import files as f
from tests.features.archive import registers as r
from tests.features.deals import orders as o
from tests.kernel.papers.words import printed_words


def lines(cast, paper: PaperHandover) -> list[str]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return [line.paper_number for line in cast.session.get(PaperHandover, paper.id).lines]


def test_a_household_is_handed_over_as_a_whole(cast):
    folder = f.household(cast)
    identity = f.paper(cast, folder, "identity")
    marriage = f.paper(cast, folder, "marriage", Medium.ORIGINAL)
    made = r.handover(cast)
    with pytest.raises(RuleError, match="还没有资料"):
        o.step(cast, made, "hand", "clerk", receiver="陆一鸣", on=o.today())
    o.step(cast, made, "put", "clerk", folder=folder.id, numbers=None)
    o.step(cast, made, "put", "clerk", folder=folder.id, numbers=None)  # a second time changes nothing
    assert lines(cast, made) == [identity.number, marriage.number]  # the electronic receipt has no sheet
    o.step(cast, made, "drop", "clerk", numbers=identity.number)
    handed = o.step(cast, made, "hand", "clerk", receiver="陆一鸣", on=o.today())
    assert (handed.state, handed.count, handed.number[:8]) == (HandoverState.HANDED, 1, "YJ-JPYL-")
    assert o.fresh(cast, Paper, marriage.id).state is PaperState.HANDED
    assert o.fresh(cast, Paper, identity.id).state is PaperState.IN
    assert o.fresh(cast, Folder, folder.id).missing_names == "认购书"
    back = o.step(cast, o.fresh(cast, Paper, marriage.id), "take_back", "clerk", note="备案后取回")
    assert back.state is PaperState.IN


def test_by_numbers_and_what_is_refused(cast):
    folder = f.household(cast)
    identity = f.paper(cast, folder, "identity")
    made = r.handover(cast)
    with pytest.raises(RuleError, match="请选择户档，或填写档号"):
        o.step(cast, made, "put", "clerk", folder=None, numbers=" ")
    with pytest.raises(RuleError, match="没有这些档号：JPYL-没有"):
        o.step(cast, made, "put", "clerk", folder=None, numbers=f"{identity.number}，JPYL-没有")
    with pytest.raises(RuleError, match="都不在这份移交单里"):
        o.step(cast, made, "drop", "clerk", numbers=identity.number)
    r.lent(cast, identity)
    with pytest.raises(RuleError, match="不在库，不能移交"):
        o.step(cast, made, "put", "clerk", folder=None, numbers=identity.number)


def test_a_paper_of_another_project_cannot_be_named(cast):
    identity = f.paper(cast, f.household(cast), "identity")
    made = r.handover(cast, project_id=cast.project_ids["b"], created_by=cast.person_ids["other_clerk"])
    with pytest.raises(RuleError, match="没有这些档号"):
        o.step(cast, made, "put", "other_clerk", folder=None, numbers=identity.number)


def test_the_sheet_is_printed(cast, client_as):
    identity = f.paper(cast, f.household(cast), "identity")
    made = o.step(cast, r.handover(cast), "put", "clerk", folder=None, numbers=identity.number)
    text = printed_words(
        cast.session, client_as("clerk").post(f"/print/paper_handover/{made.id}", data={"form": "docx", "copies": "2"})
    )
    assert "资料移交单" in text and identity.number in text and "接收人" in text and "江城置业有限公司" in text
    assert client_as("developer_site").get(f"/paper-handover/show/{made.id}").status_code == 200
    assert client_as("consultant1").get(f"/paper-handover/show/{made.id}").status_code == 403


@pytest.mark.parametrize(
    ("text", "numbers"),
    [(None, []), ("", []), ("A-1\nA-2", ["A-1", "A-2"]), ("Ａ-1，A-2、A-1; A-3", ["A-1", "A-2", "A-3"])],
)
def test_numbers_in_a_text(text, numbers):
    assert numbers_in(text) == numbers
