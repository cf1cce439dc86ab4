"""The screens of the archive with the cast: entering, one click from an attachment, looking up, the log of looks."""

from __future__ import annotations

import re

from app.features.archive.folders.models import Folder, PaperKind
from app.features.archive.models import PaperState
from app.features.archive.papers.models import Paper
from app.features.deals.reservations.models import Reservation
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Received, attach, store
from app.kernel.transactions import write
from tests.features.archive import files as f
from tests.features.archive import registers as r
from tests.features.deals import orders as o


def newest(cast, model):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.query(model).order_by(model.id.desc()).first()


def test_the_desk_enters_a_paper_from_the_list_of_what_is_missing(cast, client_as):
    folder = f.household(cast)
    clerk = client_as("clerk")
    page = clerk.get(f"/folder/show/{folder.id}").text
    kind = f.kind(cast, "identity")
    link = f"/paper/add?folder_id={folder.id}&amp;kind_id={kind.id}"
    assert "1 / 3" in page and "还缺 2 种" in page and link in page
    awaited = f.papers_of(cast, folder)[0]
    assert f'href="/paper/step/take_in/{awaited.id}">认购书' in page  # announced by the order: only to be taken in
    form = clerk.get(link.replace("&amp;", "&")).text
    assert "身份证明复印件" in form
    body = {
        "folder_id": folder.id,
        "kind_id": kind.id,
        "medium": "copy",
        "copies": "0",
        "received_on": str(o.today()),
        "_key": "k1",
    }
    assert "份数应在 1 和 1000 之间" in clerk.post("/paper/add", data=body).text
    late = clerk.post("/paper/add", data=body | {"copies": "1", "received_on": str(o.today(1)), "_key": "k2"}).text
    assert "收到日期不能晚于今天" in late
    saved = clerk.post("/paper/add", data=body | {"copies": "2", "_key": "k3"})
    paper = newest(cast, Paper)
    assert saved.headers["Location"] == f"/paper/show/{paper.id}"
    assert (paper.state, paper.title, paper.number) == (PaperState.IN, "身份证明复印件", f"{folder.number}-02")
    assert "2 / 3" in clerk.get(f"/folder/show/{folder.id}").text


def test_a_file_of_the_order_is_filed_by_one_click(cast, client_as):
    folder = f.household(cast)
    order = o.fresh(cast, Reservation, folder.subject_id)
    owner = cast.actor("consultant1")
    with acting_as(owner):
        content = Received("身份证正反面.jpg", "image/jpeg", 4, store().keep(b"face"))
        given = write(
            cast.session, lambda: attach(cast.session, owner, cast.session.get(Reservation, order.id), content)
        ).id
    clerk = client_as("clerk")
    url = f"/folder/take/{folder.id}/{given}"
    assert url in clerk.get(f"/folder/show/{folder.id}").text
    kind = f.kind(cast, "identity")
    assert f'value="{kind.id}" selected' in clerk.get(url).text  # the name of the file guesses the kind
    refused = clerk.post(url, data={"kind_id": kind.id, "medium": "electronic", "copies": "", "_key": "k0"})
    assert refused.status_code == 422 and "请填写份数" in refused.text
    answer = clerk.post(url, data={"kind_id": kind.id, "medium": "electronic", "copies": "1", "_key": "k1"})
    assert answer.headers["Location"] == f"/folder/show/{folder.id}#pane-papers"
    paper = newest(cast, Paper)
    assert paper.title == "身份证明复印件" and "身份证正反面.jpg" in clerk.get(f"/paper/show/{paper.id}").text
    assert clerk.get(url).status_code == 404  # on file already
    assert client_as("consultant1").get(url).status_code == 403
    assert newest(cast, Folder).missing_names == "认购书"


def test_the_order_shows_its_folder(cast, client_as):
    folder = f.household(cast)
    page = client_as("consultant1").get(f"/reservation/show/{folder.subject_id}").text
    assert f"/folder/show/{folder.id}" in page and "档案齐全度" in page and "身份证明复印件" in page
    assert "/paper/add?" not in page  # entering is the desk's


def test_several_awaited_papers_come_in_at_once(cast, client_as):
    folders = [
        f.household(cast),
        f.folder_of(
            cast, o.effective(cast, o.unit(cast, "1103"), o.customer(cast, phone="10000007777"), _scheme(cast))
        ),
    ]
    awaited = [f.papers_of(cast, folder)[0] for folder in folders]
    clerk = client_as("clerk")
    assert "认购书" in clerk.get("/paper/list/?chip=awaited").text
    ticked = {"step": "take_in", "ids": [str(paper.id) for paper in awaited]}
    page = clerk.post("/paper/list/bulk", data=ticked).text
    assert "2 条" in page and "交来人" in page, "who brought them and where they lie is asked once"
    clerk.post("/paper/list/bulk", data={**ticked, "sure": "1", "box": "7"})
    assert {o.fresh(cast, Paper, paper.id).box for paper in awaited} == {"7"}
    assert [o.fresh(cast, Paper, paper.id).state for paper in awaited] == [PaperState.IN, PaperState.IN]
    assert (
        "没有符合条件" in clerk.get("/paper/list/?chip=awaited").text
        or "还没有" in clerk.get("/paper/list/?chip=awaited").text
    )


def _scheme(cast):
    from app.features.pricing.models import PaymentScheme

    return newest(cast, PaymentScheme)


def titles(answer) -> list[str]:
    return re.findall(r'href="/(?:paper|site-file|folder)/show/\d+">([^<]+)</a>', answer.text)


def test_one_box_finds_everything_within_reach(cast, client_as):
    folder = f.household(cast)
    f.paper(cast, folder, "identity")
    f.site_file(cast, "案场客户接待流程")
    clerk = client_as("clerk")

    def found(question: str) -> list[str]:
        return titles(clerk.get(f"/archive/?{question}"))

    number = o.fresh(cast, Reservation, folder.subject_id).number
    assert set(found("")) == {
        "身份证明复印件",
        f"认购书 {number}",
        "案场客户接待流程",
        f.papers_of(cast, folder)[1].title,
    }
    assert found("q=身份证明") == found("q=sfzm") == ["身份证明复印件"]
    assert found("q=王伟 身份") == ["身份证明复印件"]
    assert found("q=接待") == found("kind=c:rules") == ["案场客户接待流程"]
    assert len(found("unit=1102")) == 3 and found("unit=1103") == []
    assert found(f"q={folder.number}-02") == ["身份证明复印件"]
    assert found("where=awaited") == [f"认购书 {number}"]
    assert found(f"kind=k{f.kind(cast, 'identity').id}") == ["身份证明复印件"]
    assert found("where=missing") == [folder.number] and found("where=lent") == []
    assert found(f"received.from={o.today(1)}") == [] and len(found(f"received.to={o.today()}")) == 4
    odd = clerk.get("/archive/?received.from=昨天&page=x&kind=k9x&where=%00")
    assert odd.status_code == 200 and "昨天" in odd.text


def test_the_box_keeps_the_scope(cast, client_as):
    folder = f.household(cast)
    f.site_file(cast, "内部奖罚办法")
    assert titles(client_as("consultant2").get("/archive/?q=认购书")) == []
    assert titles(client_as("consultant1").get("/archive/?unit=1102")) != []
    developer = client_as("developer_site")
    assert titles(developer.get("/archive/?unit=1102")) != [] and titles(developer.get("/archive/?q=奖罚")) == []
    assert "现场文件" not in developer.get("/archive/").text.split("<main")[1]
    assert titles(client_as("other_clerk").get("/archive/?q=认购书")) == []
    assert client_as("admin").get("/archive/").status_code == 403
    assert client_as("consultant2").get(f"/folder/show/{folder.id}").status_code == 404


def test_every_look_is_on_the_log(cast, client_as):
    paper = f.paper(cast, f.household(cast))
    page = client_as("consultant1").get(f"/paper/show/{paper.id}").text
    assert "查阅记录" not in page
    shown = client_as("supervisor").get(f"/paper/show/{paper.id}").text
    assert "查阅记录" in shown and "林晓" in shown and "打开页面" in shown


def test_the_usual_list_is_loaded_once_and_changed_per_project(cast, client_as):
    clerk = client_as("clerk")
    clerk.post("/paper-kind/usual")
    again = clerk.post("/paper-kind/usual", follow_redirects=True).text
    assert "本项目已有资料清单" in again and "契税完税凭证" in clerk.get("/paper-kind/list/?size=50").text
    folder = f.household(cast)
    body = {"name": "购房资格证明", "stage": "order", "applies_to": "all", "required": "1", "retention": "identity", "position": "15",
            "active": "1", "_key": "k1"}  # fmt: skip
    assert clerk.post("/paper-kind/add", data=body).status_code == 302
    assert "购房资格证明" in o.fresh(cast, Folder, folder.id).missing_names
    assert "已有同名的资料种类" in clerk.post("/paper-kind/add", data=body | {"_key": "k2"}).text
    assert newest(cast, PaperKind).project_id == cast.project_ids["a"]


def test_letters_and_regulations_are_found_by_whoever_reads_them(cast, client_as):
    r.incoming(cast)
    r.outgoing(cast, content="请携带户口簿原件前来办理网签")
    r.regulation(cast)

    def found(login: str, question: str) -> list[str]:
        page = client_as(login).get(f"/archive/?{question}").text
        return re.findall(r'href="/(?:incoming-letter|outgoing-letter|regulation)/show/\d+">([^<]+)</a>', page)

    assert found("clerk", "q=户口簿") == ["签约通知"]
    assert found("clerk", "kind=r:incoming_letter") == ["关于交付时间的函"]
    assert found("clerk", f"received.to={o.today(-1)}") == []
    assert set(found("clerk", f"received.from={o.today()}")) == {"签约通知", "关于交付时间的函", "案场接待流程 第 1 版"}
    assert found("consultant1", "") == ["案场接待流程 第 1 版"]  # letters are the desk's and its heads'
    assert found("developer_site", "") == found("consultant1", "kind=r:incoming_letter") == []


def test_the_blue_button_of_an_empty_handover_fills_it(cast, client_as):
    handover, paper = r.handover(cast), f.paper(cast, f.household(cast))
    clerk, key = client_as("clerk"), handover.id

    def blue() -> str:
        page = clerk.get(f"/paper-handover/show/{key}").text
        return re.search(r'<a class="btn btn-primary" href="/paper-handover/step/(\w+)/', page)[1]

    assert blue() == "put"
    o.step(cast, handover, "put", "clerk", folder=None, numbers=paper.number)
    assert blue() == "hand"
