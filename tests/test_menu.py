"""The order of the side menu (look/board.html): the pages of every day on top, set-up last."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient


def entries(page: str) -> list[str]:
    """The entries and groups of the menu, from top to bottom."""
    menu = page[page.index('<nav class="menu"') : page.index("</nav>")]
    top = re.sub(r"<ul>.*?</ul>", "", menu, flags=re.DOTALL)
    words = re.findall(r"(?:</svg>|</i>)([^<]+)", top)
    return [word.strip() for word in words if word.strip()]


def test_the_pages_of_every_day_stand_on_top_and_set_up_last(client_as: Callable[[str], FlaskClient]) -> None:
    for login in ("consultant1", "supervisor", "sales_admin"):
        shown = entries(client_as(login).get("/").get_data(as_text=True))
        assert shown[:4] == ["工作台", "销控表", "待我审批", "客户"], login
        assert shown[-1] == ("设置" if "设置" in shown else "组织"), login
        assert "组织" in shown[-2:], login
