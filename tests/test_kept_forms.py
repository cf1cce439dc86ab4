"""A form posted after the sign-in ended comes back filled to its writer, and to nobody else; nothing is saved by itself."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select, update

from app.features.customers.models import Customer
from app.kernel.accounts import LONGEST_SESSION, end_all_sessions
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.jobs import JOBS, run
from app.kernel.kept_forms import NEWEST, KeptForm, Typed
from app.kernel.screens.form_page import FormField, FormPage, FormSection, LinesForm
from app.kernel.screens.refill import left_over, refilled
from app.kernel.transactions import write
from tests.cast import Cast
from tests.factories import PASSWORD

Client = Callable[[str], FlaskClient]
PAGE = "/reception/"
FORM = {
    "kind": "call",
    "phone": "13812345678",
    "name": "黄丽娟",
    "source": "leaflet",
    "needs": "三房，近学校\n下周带家人",
}
SAID = "下面是登录过期前你填写的内容，还没有保存，请核对后再提交。"


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def opened(client: FlaskClient, page: str = PAGE) -> dict[str, str]:
    """Opens a form and takes its marks along, as a browser does."""
    html = text(client.get(page))
    return dict(re.findall(r'<input type="hidden" name="(_by|csrf_token)" value="([^"]+)"', html))


def end(cast: Cast, who: str) -> None:
    user_id = cast.session.scalar(select(User.id).where(User.username == who))
    write(cast.session, lambda: end_all_sessions(cast.session, user_id))


def sign_in(client: FlaskClient, who: str, location: str) -> Any:
    return client.post(location, data={"username": who, "password": PASSWORD})


def sent_late(client: FlaskClient, cast: Cast, who: str = "consultant1", **more: Any) -> str:
    """The form goes out when the sign-in has ended; the address of the login page."""
    form = FORM | opened(client)
    end(cast, who)
    answer = client.post(PAGE, data=form | more)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def customers(cast: Cast) -> int:
    with acting_as(SYSTEM):
        return int(cast.session.scalar(select(func.count(Customer.id))) or 0)


def test_the_writer_gets_his_form_back_filled_and_nothing_is_saved(client_as: Client, cast: Cast) -> None:
    client = client_as("consultant1")
    location = sent_late(client, cast)
    assert "登录已过期，重新登录后继续，刚才填写的内容会保留。" in text(client.get(location))
    back = sign_in(client, "consultant1", location).headers["Location"]
    page = text(client.get(back))
    assert SAID in page
    for typed in (
        "13812345678",
        "黄丽娟",
        "三房，近学校\n下周带家人",
        'value="call" selected',
        'value="leaflet" selected',
    ):
        assert typed in page
    assert customers(cast) == 0
    assert client.post(back, data=FORM | opened(client, back)).status_code == 302
    assert customers(cast) == 1


def test_nobody_else_sees_it(client_as: Client, cast: Cast) -> None:
    client = client_as("consultant1")
    location = sent_late(client, cast)
    back = sign_in(client, "consultant2", location).headers["Location"]
    page = text(client.get(back))
    assert SAID not in page and "黄丽娟" not in page
    assert "黄丽娟" not in text(client.get(back.replace(PAGE, "/follow-up/list/")))


def test_signed_out_in_another_tab_keeps_it_too(client_as: Client) -> None:
    client = client_as("consultant1")
    form = FORM | opened(client)
    client.post("/logout/")
    location = client.post(PAGE, data=form).headers["Location"]
    assert "黄丽娟" in text(client.get(sign_in(client, "consultant1", location).headers["Location"]))


@pytest.mark.csrf
def test_a_token_of_the_sign_in_before_gives_the_form_back(client_as: Client, cast: Cast, app: Any) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = client_as("consultant1")
    app.config["WTF_CSRF_ENABLED"] = True
    form = FORM | opened(client)
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/logout/")
    sign_in(client, "consultant1", "/login/")
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(PAGE, data=form)
    assert answer.status_code == 302
    assert "黄丽娟" in text(client.get(answer.headers["Location"])) and customers(cast) == 0
    forged = client.post(PAGE, data={**form, "_by": "forged"})
    assert forged.status_code == 400 and "安全校验已过期" in text(forged)


def test_without_a_known_writer_nothing_is_stored(client: FlaskClient, cast: Cast) -> None:
    location = client.post(PAGE, data=FORM | {"_by": "forged"}).headers["Location"]
    assert "刚才的内容没有保存" in text(client.get(location))
    assert cast.session.scalar(select(func.count(KeptForm.id))) == 0


def test_passwords_and_files_are_never_kept(client_as: Client, cast: Cast) -> None:
    client = client_as("consultant1")
    photo = (io.BytesIO(b"x"), "名片.jpg")
    back = sign_in(client, "consultant1", sent_late(client, cast, old_password="geheim", photo=photo)).headers[
        "Location"
    ]
    page = text(client.get(back))
    assert "附件没有保留，请重新选择。" in page
    assert "geheim" not in page
    rows = cast.session.scalars(select(KeptForm)).all()
    assert all("geheim" not in row.body for row in rows)


def test_what_has_no_input_any_more_can_be_copied(client_as: Client, cast: Cast) -> None:
    client = client_as("consultant1")
    back = sign_in(client, "consultant1", sent_late(client, cast, gone="写了很久的话")).headers["Location"]
    assert "写了很久的话" in text(client.get(back))


def test_the_version_that_the_writer_saw_stays(client_as: Client, cast: Cast) -> None:
    """Else a colleague's change in between would be overwritten silently (04 R7)."""
    client = client_as("consultant1")
    page = text(client.get(client.post(PAGE, data=FORM).headers["Location"]))
    edit = re.search(r'href="(/customer/edit/\d+)"', page)
    assert edit is not None
    form = opened(client, edit[1]) | {"wanted_layout": "四房两厅", "_version": "1"}
    with acting_as(SYSTEM):
        write(cast.session, lambda: setattr(cast.session.scalars(select(Customer)).one(), "concerns", "学区"))
    end(cast, "consultant1")
    location = client.post(edit[1], data=form).headers["Location"]
    back = text(client.get(sign_in(client, "consultant1", location).headers["Location"]))
    assert "四房两厅" in back and 'name="_version" value="1"' in back


def test_old_forms_are_dropped_and_only_the_newest_are_kept(client_as: Client, cast: Cast) -> None:
    client = client_as("consultant1")
    form = FORM | opened(client)
    client.post("/logout/")
    for _try in range(NEWEST + 2):
        client.post(PAGE, data=form)
    session = cast.session
    assert session.scalar(select(func.count(KeptForm.id))) == NEWEST
    old = now() - LONGEST_SESSION - timedelta(minutes=1)
    write(session, lambda: session.execute(update(KeptForm).values(at=old)))
    assert run(session, JOBS["kept_forms"]) == NEWEST


def test_the_rows_of_a_paper_with_lines_come_back_however_many(app: Any) -> None:
    row = (FormField("line-0-item_id", "物品", "select"), FormField("line-0-quantity", "数量"))
    lines = LinesForm("物品", (("物品", True, False), ("数量", True, True)), (row,), "more_lines", 60)
    page = FormPage("领用单", (FormSection("", (FormField("reason", "用途"),)),), "保存", "/", lines=lines)
    typed = Typed({"reason": ["开盘"], "line-0-quantity": ["3"], "line-2-quantity": ["8"], "line-x": ["y"]}, {}, False)
    shown = refilled(page, typed)
    assert shown.lines is not None
    rows = [[(f.name, f.value) for f in row] for row in shown.lines.rows]
    assert [row[1] for row in rows] == [("line-0-quantity", "3"), ("line-1-quantity", ""), ("line-2-quantity", "8")]
    assert shown.sections[0].fields[0].value == "开盘"
    with app.test_request_context():
        assert left_over(shown, typed) == (("其他内容", "y"),)
