"""Search: one- and two-character words, pinyin, numbers, phones, within reach, on both databases (03 §3.3.9, 04 F3, S2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.extensions import db
from app.features.organisation.models import Person, Project, Team
from app.kernel import registries
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.columns import blind
from app.kernel.search import search
from app.kernel.search_candidates import candidates
from app.kernel.search_index import faults, put, put_all, rebuild
from app.kernel.search_postgresql import AGE
from app.kernel.search_text import digests_asked, project_word, terms, tokens, words_of
from app.kernel.transactions import write
from tests.cast import Cast
from tests.factories import saved
from tests.matrix.test_statements import statements


@pytest.fixture
def searched() -> Iterator[None]:
    """Teams and people are searched during the test, whatever the features register."""
    before = dict(registries.SEARCH)
    registries.SEARCH.clear()
    registries.add_search(Team, "班组", title=str, text=lambda team: team.name, url=lambda team: f"/teams/{team.id}")
    registries.add_search(
        Person, "人员", title=lambda p: p.name, text=lambda p: p.name, url=lambda p: f"/people/{p.id}",
        digests=lambda p: [blind(p.phone), blind("tail:" + p.phone[-4:])] if p.phone else [],
    )  # fmt: skip
    yield
    registries.SEARCH.clear()
    registries.SEARCH.update(before)


def team(session: Any, name: str, project: Project) -> Team:
    return saved(session, Team(name=name, project_id=project.id))


def names(session: Any, actor: Any, question: str) -> list[str]:
    with acting_as(actor):
        return sorted(str(r) for group in search(session, actor, question).groups for r in group.records)


@pytest.mark.both_databases
def test_every_way_to_ask_for_a_name(searched: None, session: Any, cast: Cast) -> None:
    for name in ("王伟的队", "王伟强", "单雄信", "RG-JPYL-2026-0318", "3栋1单元1102"):
        team(session, name, cast.a)
    me = cast.actor("supervisor")
    assert names(session, me, "王伟") == ["王伟强", "王伟的队"]
    assert names(session, me, "伟强") == ["王伟强"]
    assert names(session, me, "强") == ["王伟强"]
    assert names(session, me, "伟王") == [], "characters count in their order"
    assert names(session, me, "wangweiqiang") == ["王伟强"]
    assert names(session, me, "wangwei") == ["王伟强", "王伟的队"]
    assert names(session, me, "WWQ") == ["王伟强"]
    assert names(session, me, "shanxiongxin") == ["单雄信"], "a surname is read as one"
    assert names(session, me, "0318") == ["RG-JPYL-2026-0318"]
    assert names(session, me, "rg-jpyl-2026-03") == ["RG-JPYL-2026-0318"]
    assert names(session, me, "1102") == ["3栋1单元1102"]
    assert names(session, me, "３栋１单元") == ["3栋1单元1102"], "full-width digits"
    assert names(session, me, "3栋1102") == ["3栋1单元1102"], "people leave the 单元 out"
    assert names(session, me, "5栋1102") == []
    assert names(session, me, "王伟 强") == ["王伟强"], "every word must be found"


@pytest.mark.both_databases
def test_the_index_follows_changes_in_the_same_transaction(searched: None, session: Any, cast: Cast) -> None:
    made, me = team(session, "紫藤组", cast.a), cast.actor("supervisor")

    def rename(name: str) -> None:
        made.name = name
        session.flush()

    with acting_as(SYSTEM):
        write(session, lambda: rename("海棠组"))
        assert names(session, me, "紫藤") == []
        assert names(session, me, "海棠") == ["海棠组"]
        with pytest.raises(ZeroDivisionError):
            write(session, lambda: (rename("银杏组"), 1 / 0))
        assert names(session, me, "银杏") == []
        assert names(session, me, "海棠") == ["海棠组"]
        write(session, lambda: session.delete(made))
        assert names(session, me, "海棠") == []
        assert (
            session.scalar(text("SELECT count(*) FROM search_entry WHERE subject = 'team' AND words LIKE '%海 棠%'"))
            == 0
        )


def test_what_has_no_words_is_not_asked_about(searched: None, session: Any, cast: Cast) -> None:
    made, me = team(session, "紫藤组", cast.a), cast.actor("supervisor")

    def change(**values: Any) -> int:
        def work() -> None:
            for name, value in values.items():
                setattr(made, name, value)

        with acting_as(SYSTEM), statements(db.engine) as sent:
            write(session, work)
        return sum("search_" in line for line in sent)

    assert change(updated_by=7) == 0
    assert change(name="海棠组") > 0
    assert names(session, me, "海棠") == ["海棠组"]


@pytest.mark.both_databases
def test_another_project_is_never_found(searched: None, session: Any, cast: Cast) -> None:
    team(session, "云庐冠军队", cast.a)
    team(session, "翠湖冠军队", cast.b)
    assert names(session, cast.actor("supervisor"), "冠军") == ["云庐冠军队"]
    assert names(session, cast.actor("other_lead"), "冠军") == ["翠湖冠军队"]
    assert names(session, cast.actor("sales_admin"), "冠军") == ["云庐冠军队", "翠湖冠军队"]


@pytest.mark.both_databases
@pytest.mark.parametrize("foreign", [2, 60])
def test_the_newest_are_proposed_however_many_others_hold_the_words(
    searched: None, session: Any, cast: Cast, foreign: int
) -> None:
    """With a few foreign entries between them the newest tell enough; behind sixty of them the marks are walked."""
    mine = [team(session, f"冠军{n}队", cast.a).id for n in range(9)]
    for n in range(foreign):
        team(session, f"冠军甲{n}队", cast.b)

    def proposed(question: str, limit: int, *marks: str) -> list[int]:
        groups = [[("zzt0team",), ("zzt0person",)], [(mark,) for mark in marks], [tuple(question)]]
        with acting_as(SYSTEM):
            found = candidates(session, groups, limit)
        assert {table for table, _key in found} <= {"team"}
        return [key for _table, key in found]

    here, there = project_word(cast.a.id), project_word(cast.b.id)
    assert proposed("冠军", 4, here) == mine[:4:-1]
    assert proposed("冠军", 20, here) == mine[::-1]
    assert len(proposed("冠军", 100, here, there)) == 9 + foreign
    assert proposed("冠亚", 4, here) == []
    assert proposed("冠军", 4, project_word(None)) == []


@pytest.mark.both_databases
def test_phones_by_full_number_and_last_four(searched: None, session: Any, cast: Cast) -> None:
    def give() -> None:
        cast.person("clerk").phone = "10012340318"
        cast.person("other_clerk").phone = "10099990318"

    with acting_as(SYSTEM):
        write(session, give)
    me = cast.actor("supervisor")
    assert names(session, me, "10012340318") == ["方芳"]
    assert names(session, me, "100 1234 0318") == ["方芳"]
    assert names(session, me, "0318") == ["方芳"], "the other one is a stranger's"
    assert names(session, me, "1234") == []
    assert "10012340318" not in str(session.execute(text("SELECT words FROM search_entry")).all())


ODD = (
    "", " ", "'", '"', "NEAR(", "*", "a*", "(", ")", "'; DROP TABLE search_entry; --", "%", "_", "\\", ":*", "!", "&", "<->", "zzp1",
    "zzo1", "zzp0", "zzo0", "-", "^", "words:王", "{{7*7}}", "\u202e", "𠮷", "a" * 500, "0" * 40, "王 OR 伟", "方 AND",
)  # fmt: skip


@pytest.mark.both_databases
def test_no_question_breaks_the_index(searched: None, session: Any, cast: Cast) -> None:
    me = cast.actor("supervisor")
    assert {question: names(session, me, question) for question in ODD} == {question: [] for question in ODD}
    assert names(session, me, '方"芳') == ["方芳"]


@pytest.mark.both_databases
def test_a_rebuild_finds_what_was_there_before(searched: None, session: Any, cast: Cast) -> None:
    team(session, "紫藤组", cast.a)
    with acting_as(SYSTEM):
        write(session, lambda: session.execute(text("DELETE FROM search_entry")))
        assert any("没有进入搜索" in fault for fault in faults(session))
        assert write(session, lambda: rebuild(session)) > 0
        assert list(faults(session)) == []
    assert names(session, cast.actor("supervisor"), "紫藤") == ["紫藤组"]


def test_words_that_changed_elsewhere_are_put_by_hand(searched: None, session: Any, cast: Cast) -> None:
    made = team(session, "紫藤组", cast.a)
    registries.add_search(Team, "班组", title=str, text=lambda _team: "牡丹", url=lambda _team: "/")
    with acting_as(SYSTEM):
        write(session, lambda: put(session, session.get(Team, made.id)))
    assert names(session, cast.actor("supervisor"), "牡丹") == ["紫藤组"]


def test_the_page_shows_groups_and_says_when_nothing_is_found(
    searched: None, session: Any, cast: Cast, client_as: Callable[[str], FlaskClient]
) -> None:
    team(session, "紫藤<b>组", cast.a)
    client = client_as("supervisor")
    page = client.get("/search?q=紫藤").get_data(as_text=True)
    assert "紫藤&lt;b&gt;组" in page
    assert "班组" in page
    assert "没有找到" in client.get("/search?q=银杏").get_data(as_text=True)
    assert "紫藤" not in client_as("other_supervisor").get("/search?q=组").get_data(as_text=True)


def test_words() -> None:
    assert tokens("RG-2026 王伟3栋，𠮷") == ["rg", "2026", "王", "伟", "3", "栋", "𠮷"]
    assert words_of("乐嘉").split() == ["乐", "嘉", "yuejia", "yj", "lejia", "lj"]
    assert terms("王伟 rg-2026") == [("王", "伟"), ("rg", "2026")]
    assert terms("zzp12 王") == [("王",)]
    assert digests_asked("王伟") == digests_asked("123") == digests_asked("12345") == []
    assert len(digests_asked("0318")) == len(digests_asked("138-0013-8000")) == 1


def test_sentences_are_not_read_in_pinyin() -> None:
    assert words_of("王伟", sentences="周末再来").split() == ["王", "伟", "周", "末", "再", "来", "wangwei", "ww"]


def test_many_records_are_renamed_in_as_few_statements_as_two(searched: None, session: Any, cast: Cast) -> None:
    """A purge renames hundreds: the index is not asked once for each."""

    def renamed(number: int) -> int:
        made = [team(session, f"紫藤{number}{n}组", cast.a) for n in range(number)]
        for one in made:
            session.refresh(one)

        def work() -> None:
            for place, one in enumerate(made):
                session.execute(
                    text("UPDATE team SET name = :name WHERE id = :id"),
                    {"name": f"海棠{number}{place}组", "id": one.id},
                )
            session.expire_all()
            put_all(session, session.scalars(select(Team).where(Team.id.in_([one.id for one in made]))).all())

        with acting_as(SYSTEM), statements(db.engine) as sent:
            write(session, work)
        return sum("search_" in line or "attachment" in line for line in sent)

    assert renamed(2) == renamed(9)
    assert len(names(session, cast.actor("supervisor"), "海棠")) == 10, "ten are shown of eleven"


@pytest.mark.both_databases
@pytest.mark.parametrize("between", ["rare", "common"])
def test_old_rows_are_found_behind_ages_of_others(searched: None, session: Any, cast: Cast, between: str) -> None:
    """PostgreSQL asks the newest ages of the index first: what is older is found whether the word is rare there or common."""
    old = [team(session, f"冠军{n}队", cast.a).id for n in range(5)]
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT setval('search_entry_id_seq', {5 * AGE})"))
        session.commit()
    for n in range(9):
        team(session, f"{'冠军' if between == 'common' else '亚军'}甲{n}队", cast.b)
    new = team(session, "冠军末队", cast.a).id

    def proposed(limit: int, *groups: tuple[str, ...]) -> list[int]:
        with acting_as(SYSTEM):
            return [key for _table, key in candidates(session, [[("zzt0team",)], *([one] for one in groups)], limit)]

    here, there = (project_word(cast.a.id),), (project_word(cast.b.id),)
    assert proposed(4, here, ("冠", "军")) == [new, *old[:1:-1]]
    assert proposed(9, here, ("冠", "军")) == [new, *old[::-1]]
    assert proposed(1, here, ("冠", "军")) == [new]
    assert proposed(4, there, ("冠", "军", "甲")) == proposed(4, there, ("军", "甲"), ("冠",))
    assert len(proposed(20, there, ("甲",))) == 9


@pytest.mark.both_databases
def test_a_chinese_character_is_a_word_and_what_else_may_be_a_beginning(
    searched: None, session: Any, cast: Cast
) -> None:
    team(session, "紫藤ABC组", cast.a)
    me = cast.actor("supervisor")
    assert [names(session, me, asked) for asked in ("紫", "紫藤", "紫藤A", "ABC", "zitengA", "藤组")] == [
        ["紫藤ABC组"], ["紫藤ABC组"], ["紫藤ABC组"], ["紫藤ABC组"], [], [],
    ]  # fmt: skip
