"""接待评价 by the public page, 服务检查, 神秘客, the league table (S3.15)."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.demo.world import travel
from app.features.customers.choices import ContactKind, Source
from app.features.customers.models import Contact
from app.features.organisation.models import Parameter
from app.features.organisation.parameter_table import PARAMETERS
from app.features.service.checks.models import ITEMS, CheckTurn, ServiceCheck, ServiceCheckLine, SheetState
from app.features.service.checks.rules import score_of
from app.features.service.league.rules import Standing, mean_of, ranked, whole_mean
from app.features.service.mystery.models import MysteryVisit
from app.features.service.ratings.effects import issue, pass_of_desk
from app.features.service.ratings.models import RatingDesk, ServiceRating
from app.features.service.ratings.rules import given_of
from app.features.service.ratings.tokens import DESK, VISIT, Pass, read, seal
from app.kernel import months
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.months import beside, borders
from app.kernel.notices import Notice
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.factories import saved
from tests.features.deals.orders import customer, fresh, step

NOON = datetime(2026, 11, 3, 12)
STARS = {"overall": "4", "reception": "5", "explanation": "4", "environment": "4"}


# ── rules ───────────────────────────────────────────────────
@pytest.mark.parametrize("given", [Pass(VISIT, 7, 0, NOON), Pass(DESK, 123456, 3, NOON)])
def test_a_pass_opens_until_its_moment_and_not_with_a_changed_letter(given):
    text = seal("secret", given)
    found = read("secret", text, NOON)
    assert found is not None and (found.kind, found.record_id, found.generation) == (
        given.kind,
        given.record_id,
        given.generation,
    )
    assert read("secret", text, NOON + timedelta(minutes=1, seconds=1)) is None
    assert read("other", text, NOON) is None
    for place in range(len(text)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        reread = read("secret", changed, NOON)
        assert reread is None or reread == found  # base64 has letters that change nothing


@pytest.mark.parametrize("text", ["", "x", "." * 300, "WyJ2IiwxLDAsMV0.bad", "none.none"])
def test_rubbish_opens_nothing(text):
    assert read("secret", text, NOON) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"overall": ""}, "先点亮"),
        ({"overall": "6"}, "先点亮"),
        ({"environment": "6"}, "重新点一次"),
        ({"environment": "0"}, "重新点一次"),
        ({"explanation": "5.5"}, "重新点一次"),
        ({"words": "字" * 301}, "300"),
        ({"key": "x"}, "刷新"),
    ],
)
def test_what_a_visitor_may_not_send(change, words):
    with pytest.raises(RuleError, match=words):
        given_of({**STARS, "key": "0" * 32, **change})


def test_one_star_row_is_enough_and_a_part_that_is_low_is_low():
    given = given_of({"overall": "5", "key": "0" * 32})
    assert given.stars == {"overall": 5, "reception": None, "explanation": None, "environment": None} and not given.low
    assert given_of({"overall": "5", "environment": "2", "key": "0" * 32}).low


def test_marks_of_a_check():
    assert score_of([(8, 10), (5, 10), (10, 10)]) == 77
    assert score_of([]) == 0
    for marks in ([(11, 10)], [(-1, 10)], [(0, 0)], [(5, 101)]):
        with pytest.raises(RuleError):
            score_of(marks)


def test_means_and_ranks():
    assert mean_of([13, 15, 12], 3) == Decimal("4.44")
    assert mean_of([], 3) is None
    assert (whole_mean([80, 85]), whole_mean([])) == (83, None)

    def line(person, count, mean):
        return Standing(person, count, Decimal(mean), None, None)

    found = ranked([line(1, 5, "4.20"), line(2, 4, "5.00"), line(3, 9, "4.80"), line(4, 7, "4.20")], 5)
    assert [(s.person_id, s.rank) for s in found] == [(3, 1), (4, 2), (1, 2), (2, None)]


# ── the visitor's page ──────────────────────────────────────
def visit(cast, kind=ContactKind.FIRST_VISIT, at=None) -> Contact:
    who = customer(cast)
    return saved(cast.session, Contact(
        customer_id=who.id, at=at or now(), kind=kind, receiver_id=cast.person_ids["consultant1"], source=Source.PASSING,
        project_id=cast.project_ids["a"], owner_id=cast.person_ids["consultant1"], team_id=cast.team_ids["a1"],
    ))  # fmt: skip


def desk(cast, **more) -> RatingDesk:
    place = RatingDesk(project_id=cast.project_ids["a"], name="前台", **more)

    def work() -> int:
        with as_step(cast.session):
            cast.session.add(place)
            cast.session.flush()
            issue(cast.session, place, now())
        return place.id

    with acting_as(SYSTEM):
        return fresh(cast, RatingDesk, write(cast.session, work))


def address(app, given: Pass) -> str:
    return f"/rate/{seal(app.config['SECRET_KEY'], given)}"


def of_visit(contact: Contact) -> Pass:
    return Pass(VISIT, contact.id, 0, now() + timedelta(hours=1))


def send(client, url: str, **changes):
    page = client.get(url).get_data(as_text=True)
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert key is not None, page
    return client.post(url, data={**STARS, "words": "很热情", "key": key[1], **changes})


def ratings(cast) -> list[ServiceRating]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return list(cast.session.scalars(select(ServiceRating)))


def test_a_visitor_rates_once_without_an_account(app, cast, client):
    contact = visit(cast)
    url = address(app, of_visit(contact))
    page = client.get(url).get_data(as_text=True)
    assert "请评价今天的接待" in page and page.count('type="radio"') == 20 and page.count(" required") == 5
    assert "王伟" not in page and "林晓" not in page and "江畔云庐" not in page and 'class="menu"' not in page
    assert send(client, url).headers["Location"].endswith("/rate/done")
    (rating,) = ratings(cast)
    assert (rating.owner_id, rating.contact_id, rating.mean, rating.words) == (
        contact.receiver_id,
        contact.id,
        "4.33",
        "很热情",
    )
    assert rating.overall == 4
    assert "谢谢您的评价" in client.get("/rate/done").get_data(as_text=True)
    assert client.get(url).status_code == 404  # used


def test_two_taps_are_a_rating_whose_parts_count_as_the_whole(app, cast, client, client_as):
    url = address(app, of_visit(visit(cast)))
    assert send(client, url, reception="", explanation="", environment="", words="").status_code == 302
    (rating,) = ratings(cast)
    assert (rating.overall, rating.parts, rating.mean) == (4, (None, None, None), "4.00")
    page = client_as("supervisor").get("/service-league/").get_data(as_text=True)
    assert "4.00" in page


def test_ratings_are_found_by_their_stars(app, cast, client, client_as):
    url = address(app, pass_of_desk(desk(cast)))
    for stars in ("5", "3"):
        part = {"environment": "1"} if stars == "3" else {"environment": ""}
        send(client, url, overall=stars, reception="", explanation="", words=f"打了{stars}颗", **part)
    leader = client_as("supervisor")
    whole, three, low = (
        leader.get(f"/service-rating/list/{asked}").get_data(as_text=True)
        for asked in ("", "?overall=3", "?environment=1")
    )
    assert "打了5颗" in whole and "打了3颗" in whole
    for narrowed in (three, low):
        assert "打了3颗" in narrowed and "打了5颗" not in narrowed
    assert "5 星" in whole


def test_every_wrong_pass_gives_one_and_the_same_page(app, cast, client):
    contact, place = visit(cast), desk(cast)
    good = address(app, pass_of_desk(place))
    later = now() + timedelta(hours=1)
    wrong = [
        "/rate/x", f"{good}x", address(app, Pass(VISIT, contact.id, 0, now() - timedelta(hours=1))), address(app, Pass(VISIT, 99999, 0, later)),
        address(app, Pass(DESK, place.id, place.generation + 1, later)), address(app, Pass(DESK, 99999, 1, later)),
    ]  # fmt: skip
    answers = [client.get(url) for url in wrong]
    answers += [client.post(url, data={**STARS, "key": "0" * 32}) for url in wrong]
    assert {answer.status_code for answer in answers} == {404}
    plain = {re.sub(r"nonce=\"[^\"]*\"", "", answer.get_data(as_text=True)) for answer in answers}
    assert len(plain) == 1 and "这个二维码不能用了" in plain.pop()
    assert ratings(cast) == []


def test_a_new_code_ends_the_old_one(app, cast, client):
    place = desk(cast)
    old = address(app, pass_of_desk(place))
    assert client.get(old).status_code == 200
    place = step(cast, place, "renew", "supervisor")
    assert client.get(old).status_code == 404
    new = address(app, pass_of_desk(place))
    assert client.get(new).status_code == 200
    assert step(cast, place, "close", "supervisor") and client.get(new).status_code == 404


def test_a_form_sent_twice_counts_once_and_a_desk_is_full_some_time(app, cast, client):
    saved(cast.session, Parameter(key="rating_desk_daily", value="2", effective_from=now().date()))
    url = address(app, pass_of_desk(desk(cast, consultant_id=cast.person_ids["consultant2"])))
    for _turn in range(2):
        client.post(url, data={**STARS, "key": "a" * 32})
    assert [r.owner_id for r in ratings(cast)] == [cast.person_ids["consultant2"]]
    assert send(client, f"{url}?kiosk=1").headers["Location"].startswith("/rate/done?back=")
    assert client.get(url).status_code == 404 and len(ratings(cast)) == 2


def test_a_low_rating_is_told_to_the_supervisor_without_its_words(app, cast, client):
    assert send(client, address(app, of_visit(visit(cast))), reception="1", words="等了半小时").status_code == 302
    with acting_as(SYSTEM):
        told = cast.session.scalars(select(Notice).where(Notice.person_id == cast.person_ids["supervisor"])).all()
    assert any("低分" in n.title for n in told) and all("半小时" not in n.title + n.body + n.outside for n in told)


def test_what_is_missing_is_said_and_what_was_written_stays(app, cast, client):
    answer = send(client, address(app, of_visit(visit(cast))), overall="")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "请先点亮" in page and "很热情" in page and "<details open>" in page
    assert 'id="explanation-4" name="explanation" value="4" checked' in page


@pytest.mark.csrf
def test_no_other_page_can_send_for_a_visitor(app, cast, client):
    url = address(app, of_visit(visit(cast)))
    refused = client.post(url, data={**STARS, "key": "0" * 32})
    assert refused.status_code != 302 and ratings(cast) == []
    page = client.get(url).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    assert client.post(url, data={**STARS, "key": key, "csrf_token": token}).status_code == 302


@pytest.mark.rate_limits
def test_one_address_does_not_send_without_end(app, cast, client):
    codes = [client.post("/rate/x", data={}).status_code for _turn in range(62)]
    assert codes[0] == 404 and codes[-1] == 429


def test_the_code_stands_on_the_page_of_a_visit_until_it_is_used(app, cast, client, client_as):
    contact = visit(cast)
    mine = client_as("consultant1")
    page = mine.get(f"/contact/show/{contact.id}").get_data(as_text=True)
    assert "请客户评价" in page and "data:image/svg+xml" in page
    send(client, address(app, of_visit(contact)))
    assert "请客户评价" not in mine.get(f"/contact/show/{contact.id}").get_data(as_text=True)
    call = visit_of_call(cast, contact)
    assert "请客户评价" not in mine.get(f"/contact/show/{call.id}").get_data(as_text=True)


def visit_of_call(cast, contact: Contact) -> Contact:
    return saved(cast.session, Contact(
        customer_id=contact.customer_id, at=now(), kind=ContactKind.CALL, receiver_id=contact.receiver_id, source=Source.PASSING,
        project_id=contact.project_id, owner_id=contact.owner_id, team_id=contact.team_id,
    ))  # fmt: skip


# ── sheets ──────────────────────────────────────────────────
def check_sheet(cast, login: str = "consultant1") -> ServiceCheck:
    own = {"project_id": cast.project_ids["a"]}
    sheet = ServiceCheck(
        turn=CheckTurn.DAILY,
        checked_on=now().date(),
        person_id=cast.person_ids[login],
        score=80,
        created_by=cast.person_ids["supervisor"],
        **own,
    )
    sheet.lines = [ServiceCheckLine(item="接待礼仪", full_mark=10, mark=8, **own)]
    return saved(cast.session, sheet)


def test_a_sheet_is_his_from_the_moment_it_is_issued(cast):
    sheet, me = check_sheet(cast), cast.actor("consultant1")
    with acting_as(me):
        assert cast.session.scalars(select(ServiceCheck)).all() == []
    sheet = step(cast, sheet, "issue", "supervisor")
    assert sheet.number.startswith("JC-") and sheet.owner_id == me.person_id
    with pytest.raises((Forbidden, NotFound)):
        step(cast, sheet, "confirm", "consultant2")
    assert step(cast, sheet, "confirm", "consultant1").state is SheetState.CONFIRMED


def test_the_form_of_a_check_names_the_row_that_is_wrong(cast, client_as):
    client = client_as("supervisor")
    typed = {
        "turn": "daily", "checked_on": now().date().isoformat(), "person_id": str(cast.person_ids["consultant1"]),
        "line-0-item": "接待礼仪", "line-0-full_mark": "10", "line-0-mark": "12",
    }  # fmt: skip
    refused = client.post("/service-check/add", data=typed)
    assert refused.status_code == 422 and "得分应为 0—10" in refused.get_data(as_text=True)
    assert client.post("/service-check/add", data=typed | {"line-0-mark": "9"}).status_code == 302
    with acting_as(SYSTEM):
        assert cast.session.scalars(select(ServiceCheck.score)).all() == [90]


def items_of_site(cast, text: str) -> None:
    saved(cast.session, Parameter(
        key="service_check_items", value=text, effective_from=now().date(), project_id=cast.project_ids["a"], note="本案场"
    ))  # fmt: skip


def test_the_form_of_a_check_lies_ready_with_the_items_of_the_project(cast, client_as):
    house = client_as("supervisor").get("/service-check/add").get_data(as_text=True)
    assert 'value="仪容仪表"' in house and 'value="资料摆放"' in house
    items_of_site(cast, "门岗、沙盘 20")
    own = client_as("supervisor").get("/service-check/add").get_data(as_text=True)
    assert 'value="沙盘"' in own and 'value="20"' in own and "仪容仪表" not in own
    assert "仪容仪表" in client_as("other_supervisor").get("/service-check/add").get_data(as_text=True)


def test_an_item_without_a_mark_is_not_checked_and_lies_ready_again(cast, client_as):
    items_of_site(cast, "门岗、沙盘 20")
    client = client_as("supervisor")
    typed = {
        "turn": "daily", "checked_on": now().date().isoformat(), "line-0-item": "门岗", "line-0-full_mark": "10", "line-0-mark": "9",
        "line-1-item": "沙盘", "line-1-full_mark": "20",
    }  # fmt: skip
    refused = client.post("/service-check/add", data=typed | {"line-0-mark": "11"}).get_data(as_text=True)
    assert "得分应为 0—10" in refused and 'value="沙盘"' in refused
    half = client.post("/service-check/add", data=typed | {"line-1-remark": "灯坏了"})
    assert half.status_code == 422 and "灯坏了" in half.get_data(as_text=True)  # who wrote something meant the row
    assert client.post("/service-check/add", data=typed).status_code == 302
    with acting_as(SYSTEM):
        sheet = cast.session.scalars(select(ServiceCheck)).one()
        assert ([line.item for line in sheet.lines], sheet.score) == (["门岗"], 90)
        pk = sheet.id
    page = client.get(f"/service-check/edit/{pk}").get_data(as_text=True)
    lying = re.findall(r'name="line-\d-item"[^>]*value="([^"]*)"', page)
    assert [word for word in lying if word] == ["门岗", "沙盘"], lying


@pytest.mark.parametrize(
    "text", ["", "、", "门岗、门岗", "门岗 0", "门岗 101", "门" * 21, "、".join(f"项{n}" for n in range(31))]
)
def test_a_list_of_items_that_makes_no_check_is_refused(text):
    with pytest.raises(RuleError, match="服务检查项"):
        PARAMETERS["service_check_items"].parse(text)


def test_the_default_is_the_list_of_the_house_which_has_english():
    declared = PARAMETERS["service_check_items"]
    assert tuple(one.name for one in declared.parse(declared.default)) == ITEMS


def test_in_english_the_items_are_english_and_are_kept_in_chinese(cast, client_as):
    client = client_as("supervisor")
    client.post("/language", data={"language": "en"})
    page = client.get("/service-check/add").get_data(as_text=True)
    assert "仪容仪表" not in page and 'value="Appearance"' in page


def test_a_list_of_items_is_written_as_people_write():
    items = PARAMETERS["service_check_items"].parse("仪容 仪表,样板间 20；门岗　５")
    assert [(one.name, one.full_mark) for one in items] == [("仪容 仪表", 10), ("样板间", 20), ("门岗", 5)]


# ── the league ──────────────────────────────────────────────
def rated(cast, login: str, times: int, stars: int) -> None:
    for turn in range(times):
        saved(cast.session, ServiceRating(
            project_id=cast.project_ids["a"], owner_id=cast.person_ids[login], reception=stars, explanation=stars, environment=stars,
            team_id=cast.team_ids["a1" if login == "consultant1" else "a2"], form_key=f"{login}{turn}",
        ))  # fmt: skip


def test_the_league_shows_everybody_to_who_leads_and_himself_to_a_consultant(cast, client_as):
    from tests.features.complaints.papers import case

    rated(cast, "consultant1", 5, 5)
    rated(cast, "consultant2", 6, 4)
    step(cast, check_sheet(cast), "issue", "supervisor")
    saved(cast.session, MysteryVisit(
        project_id=cast.project_ids["a"], visited_on=now().date(), visitor="第三方", person_id=cast.person_ids["consultant1"],
        owner_id=cast.person_ids["consultant1"], score=88, state=SheetState.ISSUED,
    ))  # fmt: skip
    case(cast, "clerk", against="consultant1")
    whole = client_as("supervisor").get("/service-league/").get_data(as_text=True)
    assert "林晓" in whole and "何涛" in whole and "投诉件数" in whole and "80 %" in whole and ">88<" in whole
    mine = client_as("consultant1").get("/service-league/").get_data(as_text=True)
    assert (
        "我的名次" in mine and "5.00" in mine and "何涛" not in mine and "投诉件数" not in mine and "4.00" not in mine
    )
    team = client_as("supervisor2").get("/service-league/").get_data(as_text=True)
    assert "何涛" in team and "林晓" not in team
    assert client_as("supervisor").get("/service-league/export").status_code == 200
    assert client_as("consultant1").get("/service-league/export").status_code == 403
    assert client_as("clerk").get("/service-league/").status_code == 403


def test_few_ratings_are_marked_and_not_ranked(cast, client_as):
    rated(cast, "consultant1", 2, 5)
    page = client_as("supervisor").get("/service-league/").get_data(as_text=True)
    assert "不足 5 份" in page


MONTH = f"{now():%Y-%m}"
BEFORE = beside(MONTH, -1)
SOON_AFTER = borders(BEFORE)[0] + timedelta(days=2, hours=10)


@pytest.fixture
def first_days(monkeypatch) -> None:
    """Whatever day it is, these are the first days of a month."""
    monkeypatch.setattr(months, "FIRST_DAYS", 31)


@pytest.mark.parametrize("who", ["supervisor", "consultant1"])
def test_in_the_first_days_of_a_month_the_league_opens_with_the_month_before(cast, client_as, first_days, who):
    with travel(SOON_AFTER):
        rated(cast, "consultant1", 5, 5)
    client = client_as(who)
    page = client.get("/service-league/").get_data(as_text=True)
    assert f"服务排名 {BEFORE}" in page and f"{MONTH} 刚开始" in page and "5.00" in page
    asked = client.get(f"/service-league/?month={MONTH}").get_data(as_text=True)
    assert f"服务排名 {MONTH}" in asked and "先打开" not in asked


def test_later_in_the_month_or_with_nothing_before_it_the_league_opens_with_this_month(cast, client_as, monkeypatch):
    monkeypatch.setattr(months, "FIRST_DAYS", 31)
    rated(cast, "consultant2", 1, 4)
    assert f"服务排名 {MONTH}" in client_as("supervisor").get("/service-league/").get_data(as_text=True)
    with travel(SOON_AFTER):
        rated(cast, "consultant1", 5, 5)
    assert f"服务排名 {BEFORE}" in client_as("supervisor").get("/service-league/").get_data(as_text=True)
    monkeypatch.setattr(months, "FIRST_DAYS", 0)
    assert f"服务排名 {MONTH}" in client_as("supervisor").get("/service-league/").get_data(as_text=True)


def test_an_export_is_of_the_month_that_is_shown(cast, client_as, first_days):
    with travel(SOON_AFTER):
        rated(cast, "consultant1", 5, 5)
    table = client_as("supervisor").get("/service-league/export")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(table.data)).get_sheet_by_index(0).to_python()
    assert [row for row in rows if "林晓" in row]


def test_the_complaints_report_opens_with_the_month_before_too(cast, client_as, first_days):
    from tests.features.complaints.papers import case

    with travel(SOON_AFTER):
        case(cast, "clerk")
    page = client_as("supervisor").get("/complaint-report/").get_data(as_text=True)
    assert f"投诉月报 {BEFORE}" in page and f"{MONTH} 刚开始" in page
