"""Keeping: sealed files stay, two people destroy, every look is on the log (02 §2.5.8, 电子签名法 §5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.features.archive.effects import seal_faults
from app.features.archive.models import Medium, PaperState, Retention
from app.features.archive.papers.models import Paper
from app.features.archive.site_files.models import SiteCategory, SiteFile
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Attachment, Received, attach, faults, remove, store
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.file_erasure import erase_given_up
from app.kernel.transactions import write
from tests.features.archive import files as f
from tests.features.deals import orders as o


def with_file(cast, paper, content: bytes = b"scan", name: str = "扫描件.txt") -> Attachment:
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        received = Received(name, "text/plain", len(content), store().keep(content))
        return write(
            cast.session, lambda: attach(cast.session, clerk, cast.session.get(type(paper), paper.id), received)
        )


def test_a_sealed_paper_gives_no_file_away(cast):
    paper = f.paper(cast, f.household(cast))
    with pytest.raises(Forbidden):  # nothing to seal yet
        o.step(cast, paper, "seal", "clerk")
    first = with_file(cast, paper)
    sealed = o.step(cast, o.fresh(cast, Paper, paper.id), "seal", "clerk")
    assert sealed.kept_files == {first.id}
    second = with_file(cast, sealed, b"newer")
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        with pytest.raises(RuleError, match="已封存，不能移除"):
            write(cast.session, lambda: remove(cast.session, clerk, cast.session.get(Attachment, first.id)))
        write(cast.session, lambda: remove(cast.session, clerk, cast.session.get(Attachment, second.id)))
    with acting_as(SYSTEM):
        assert list(seal_faults(cast.session())) == []
        other = store().keep(b"swapped")
        change = update(Attachment).where(Attachment.id == first.id).values(sha256=other)
        write(cast.session, lambda: cast.session.execute(change))
        assert list(seal_faults(cast.session())) == [f"「{sealed}」封存后文件有变动"]


def visitor_sheet(cast) -> SiteFile:
    """A sheet of visitors whose two years are over."""
    made = f.site_file(
        cast,
        "来访登记表",
        SiteCategory.OTHER,
        retention=Retention.VISITOR,
        received_on=now().date() - timedelta(days=800),
    )
    assert made.keep_until < now().date()
    return made


def test_two_people_destroy_what_is_due_and_the_entry_stays(cast):
    paper = visitor_sheet(cast)
    file = with_file(cast, paper)
    sha256 = file.sha256
    asked = o.step(cast, paper, "ask_destroy", "clerk", note="保管期满")
    assert asked.state is PaperState.DOOMED
    gone = o.step(cast, asked, "destroy", "supervisor")
    assert gone.state is PaperState.DESTROYED and gone.number
    with acting_as(SYSTEM):
        row = cast.session.get(Attachment, file.id)
        assert row.removed_at is not None and row.erased_at is None and store().is_whole(sha256)
        assert write(cast.session, lambda: erase_given_up(cast.session)) == 0  # an upload may be on its way
        _age(cast, row, sha256)
        assert write(cast.session, lambda: erase_given_up(cast.session)) == 1
        assert not store().path(sha256).exists()
        assert not [fault for fault in faults(cast.session()) if fault.startswith(f"附件 {row.id}「")]


def _age(cast, row, sha256) -> None:
    import os

    old = now() - timedelta(hours=3)
    write(cast.session, lambda: setattr(cast.session.get(Attachment, row.id), "given_up_at", old))
    os.utime(store().path(sha256), (old.timestamp(), old.timestamp()))


def test_a_content_that_another_record_shows_stays(cast):
    paper, other = visitor_sheet(cast), f.site_file(cast)
    file = with_file(cast, paper, b"same")
    with_file(cast, other, b"same")
    o.step(cast, o.step(cast, paper, "ask_destroy", "clerk", note="期满"), "destroy", "site_manager")
    with acting_as(SYSTEM):
        _age(cast, file, file.sha256)
        assert write(cast.session, lambda: erase_given_up(cast.session)) == 1
        assert store().is_whole(file.sha256)


def test_nobody_destroys_alone(cast):
    clerk_and_head = visitor_sheet(cast)
    asked = o.step(cast, clerk_and_head, "ask_destroy", "clerk", note="期满")
    with acting_as(SYSTEM):
        head = cast.person_ids["supervisor"]
        write(cast.session, lambda: setattr(cast.session.get(SiteFile, asked.id), "asked_by", head))
    with pytest.raises(RuleError, match="两个人"):
        o.step(cast, o.fresh(cast, SiteFile, asked.id), "destroy", "supervisor")
    kept = o.step(cast, o.fresh(cast, SiteFile, asked.id), "keep", "supervisor", note="还要用")
    assert kept.state is PaperState.IN and kept.asked_by is None


@pytest.mark.parametrize("retention", [Retention.PERMANENT, Retention.ORDINARY])
def test_nothing_is_destroyed_before_its_time(cast, retention):
    with pytest.raises(Forbidden):
        o.step(cast, f.site_file(cast, retention=retention), "ask_destroy", "clerk", note="清理")


def test_what_must_be_kept_after_all_is_not_destroyed(cast):
    asked = o.step(cast, visitor_sheet(cast), "ask_destroy", "clerk", note="期满")
    with acting_as(SYSTEM):
        write(cast.session, lambda: setattr(cast.session.get(SiteFile, asked.id), "keep_until", None))
    with pytest.raises(RuleError, match="长期保管"):
        o.step(cast, o.fresh(cast, SiteFile, asked.id), "destroy", "supervisor")


def test_another_keeper(cast):
    paper = f.site_file(cast, medium=Medium.ORIGINAL)
    passed = o.step(cast, paper, "pass_on", "clerk", keeper=cast.person_ids["contract_officer"])
    assert passed.keeper_id == cast.person_ids["contract_officer"]


def test_site_files_are_numbered_by_category_and_year(cast):
    year = now().year
    numbers = [f.site_file(cast, title).number for title in ("接待流程", "签约流程")]
    assert numbers == [f"JPYL-制度-{year}-001", f"JPYL-制度-{year}-002"]
    assert f.site_file(cast, category=SiteCategory.MINUTES, year=2025).number == "JPYL-会议记录-2025-001"


def test_who_reads_site_files(cast):
    made = f.site_file(cast)
    seen = {}
    for login in ("consultant1", "clerk", "site_manager", "auditor", "developer_site", "developer_lead", "other_clerk"):
        with acting_as(cast.actor(login)):
            cast.session.rollback()
            seen[login] = cast.session.scalars(select(SiteFile.id).where(SiteFile.id == made.id)).first() is not None
    assert [login for login, found in seen.items() if not found] == ["developer_site", "developer_lead", "other_clerk"]
