"""The desk's list of old papers becomes papers on file, each with its household and the number that it has."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.features.archive.folders.models import Folder
from app.features.archive.models import Medium, PaperState
from app.features.archive.papers.models import Paper
from app.kernel.actors import SYSTEM, acting_as
from tests.features.archive import files
from tests.tables import bring, plain, table

HEAD = ["档号", "户", "类别", "标题", "形式", "份数", "归档日期", "柜位"]


@pytest.fixture
def folder(cast):
    return files.household(cast)


def home(folder):
    """The home as other people's lists write it."""
    return folder.unit_name.replace("栋", "-").replace("单元", "-")


def known(cast, folder):
    return {paper.number: paper for paper in files.papers_of(cast, folder) if paper.state is PaperState.IN}


def test_old_papers_keep_their_number_and_the_others_get_one(cast, folder, client_as):
    before = known(cast, folder)
    identity = files.kind(cast, "identity").name
    rows = [
        ["旧档-0007", home(folder), identity, "王伟身份证复印件", "复印", "2", "2024.3.5", "2 柜 3 层"],
        ["", folder.number, identity, "", "复印", "", "20240306", ""],
    ]
    way = bring(client_as("clerk"), "paper", table(["资料目录"], HEAD, *rows)).check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 302
    made = {number: paper for number, paper in known(cast, folder).items() if number not in before}
    old = made.pop("旧档-0007")
    assert (old.title, old.medium, old.copies, old.shelf) == ("王伟身份证复印件", Medium.COPY, 2, "2 柜 3 层")
    assert (old.received_on, old.customer_name, old.unit_name) == (
        date(2024, 3, 5),
        folder.customer_name,
        folder.unit_name,
    )
    ((number, new),) = made.items()
    assert number.startswith(f"{folder.number}-")
    assert new.title == identity
    again = bring(client_as("clerk"), "paper", table(HEAD, *rows)).check()
    assert "0 行新增，2 条已存在且一致" in plain(again.preview), plain(again.preview)


def test_what_the_product_awaits_is_filed_and_not_doubled(cast, folder, client_as):
    awaited = [paper for paper in files.papers_of(cast, folder) if paper.state is PaperState.EXPECTED]
    assert awaited, "an effective order awaits its sheet"
    with acting_as(SYSTEM):
        kind = cast.session.get(Paper, awaited[0].id).kind.name
    way = bring(
        client_as("clerk"), "paper", table(HEAD, ["", folder.unit_name, kind, "", "原件", "1", "2024-3-5", ""])
    ).check()
    assert way.confirm().status_code == 302
    after = files.papers_of(cast, folder)
    filed = next(paper for paper in after if paper.id == awaited[0].id)
    assert (filed.state, filed.medium, filed.received_on) == (PaperState.IN, Medium.ORIGINAL, date(2024, 3, 5))
    assert filed.number
    assert len([paper for paper in after if paper.kind_id == filed.kind_id]) == 1
    with acting_as(SYSTEM):
        meter = cast.session.scalars(select(Folder).where(Folder.id == folder.id)).one()
        assert meter.present >= 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["", "9栋9901", "身份证明", "", "", "", "", ""], "系统里没有找到"),
        (["", "本户", "没这种", "", "", "", "", ""], "系统里没有找到"),
        (["", "本户", "身份证明", "", "", "0", "", ""], "份数应在"),
        (["", "本户", "身份证明", "", "", "1", "2099-1-1", ""], "不能晚于今天"),
        (["本档-99", "本户", "身份证明", "", "", "1", "", ""], "系统的档号样式"),
    ],
)
def test_bad_rows_say_what_to_do(cast, folder, client_as, row, words):
    kind = files.kind(cast, "identity").name
    said = {"身份证明": kind, "本户": home(folder), "本档-99": f"{folder.number}-99"}
    row = [said.get(cell, cell) for cell in row]
    way = bring(client_as("clerk"), "paper", table(HEAD, row)).check()
    assert words in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 422
