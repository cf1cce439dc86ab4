"""Shows each hole on the stock framework and prints {name: open?} as JSON; run as «python -m tests.stock.probe FOLDER»."""

from __future__ import annotations

import io
import json
import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask.testing import FlaskClient
from flask_appbuilder.filemanager import uuid_namegen
from werkzeug.utils import secure_filename

from tests.stock.site import PASSWORD, Contract, make


class Probe:
    """Each method is one hole: True when it is open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app = make(folder)

    def client(self, username: str = "anna") -> FlaskClient:
        client = self.app.test_client()
        client.post("/login/", data={"username": username, "password": PASSWORD})
        return client

    def contract(self, pk: int) -> Any:
        with self.app.app_context():
            return self.app.appbuilder.session.get(Contract, pk)

    def wrong_row_script(self) -> bool:
        return "ab_actions.js" in self.client().get("/contractview/list/").get_data(as_text=True)

    def filters_shared(self) -> bool:
        view = next(v for v in self.app.appbuilder.baseviews if type(v).__name__ == "ContractView")
        with self.app.test_request_context("/a"):
            first = view._filters
        with self.app.test_request_context("/b"):
            return view._filters is first

    def action_on_a_foreign_row(self) -> bool:
        self.client().post("/contractview/action/sign/2")
        return self.contract(2).state == "signed"

    def related_tab_without_permission(self) -> bool:
        client = self.client("lena")
        refused = client.get("/contractview/list/").status_code != 200
        return refused and "of lena" in client.get("/customerview/show/1").get_data(as_text=True)

    def whole_table_in_the_search_form(self) -> bool:
        page = self.client().get("/contractview/list/").get_data(as_text=True)
        return page.count("Customer-") >= 300

    def script_date_picker(self) -> bool:
        page = self.client().get("/contractview/add").get_data(as_text=True)
        return "appbuilder_datetime" in page and 'type="datetime-local"' not in page

    def chinese_file_name_lost(self) -> bool:
        name = uuid_namegen(SimpleNamespace(filename="购房合同.pdf"))
        return "购房合同" not in secure_filename(name)

    def any_file_by_name(self) -> bool:
        (self.folder / "a_sep_payroll.txt").write_text("salaries", "utf-8")
        return self.client().get("/contractview/download/a_sep_payroll.txt").data == b"salaries"

    def hidden_column_oracle(self) -> bool:
        client, found = self.client(), set()
        for guess in ("1101", "2202"):
            for number in range(12):
                page = client.get(f"/contractview/list/?_flt_{number}_secret={guess}").get_data(as_text=True)
                found.add((guess, "of anna" in page))
        return ("1101", True) in found and ("2202", False) in found

    def odd_page_number_breaks(self) -> bool:
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        return self.client().get("/contractview/list/?page_ContractView=abc").status_code == 500

    def last_edit_wins(self) -> bool:
        first, second = self.client(), self.client()
        first.get("/contractview/edit/1")
        second.get("/contractview/edit/1")
        first.post("/contractview/edit/1", data={"title": "first", "owner": "anna"})
        second.post("/contractview/edit/1", data={"title": "second", "owner": "anna"})
        return self.contract(1).title == "second"

    def owner_by_mass_assignment(self) -> bool:
        self.client().post("/contractview/add", data={"title": "planted", "owner": "bert"})
        return "planted" in self.client("bert").get("/contractview/list/").get_data(as_text=True)

    def password_without_the_old_one(self) -> bool:
        client = self.client()
        client.post("/resetmypassword/form", data={"password": "xy", "conf_password": "xy"})
        again = self.app.test_client()
        again.post("/login/", data={"username": "anna", "password": "xy"})
        works = again.get("/contractview/list/").status_code == 200
        self.old_session_lives = client.get("/contractview/list/").status_code == 200
        client.post("/resetmypassword/form", data={"password": PASSWORD, "conf_password": PASSWORD})
        return works

    def session_survives_a_password_change(self) -> bool:
        return self.old_session_lives

    def cookie_survives_logout(self) -> bool:
        client = self.client()
        kept = client.get_cookie("session").value
        client.get("/logout/")
        thief = self.app.test_client()
        thief.set_cookie("session", kept)
        return thief.get("/contractview/list/").status_code == 200

    def guessing_without_end(self) -> bool:
        client = self.app.test_client()
        for _try in range(20):
            client.post("/login/", data={"username": "anna", "password": "wrong"})
        client.post("/login/", data={"username": "anna", "password": PASSWORD})
        return client.get("/contractview/list/").status_code == 200

    def json_login_beside_the_form(self) -> bool:
        answer = self.app.test_client().post(
            "/api/v1/security/login", json={"username": "anna", "password": PASSWORD, "provider": "db"}
        )
        return "access_token" in (answer.json or {})

    def no_hardened_headers(self) -> bool:
        return "Content-Security-Policy" not in self.app.test_client().get("/login/").headers

    def a_link_deletes(self) -> bool:
        self.client().get("/contractview/delete/1")
        return self.contract(1) is None


def main() -> None:
    logging.disable(logging.CRITICAL)
    probe, folder = None, Path(sys.argv[1])
    out, sys.stdout = sys.stdout, io.StringIO()
    probe = Probe(folder)
    names = [
        name
        for name, what in vars(Probe).items()
        if callable(what) and not name.startswith("_") and name not in ("client", "contract")
    ]
    found = {name: getattr(probe, name)() for name in names}
    out.write(json.dumps(found))


if __name__ == "__main__":
    main()
