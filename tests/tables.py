"""Tables of the import tests: drawn here, brought through the real pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from flask.testing import FlaskClient

Draw = Callable[[xlsxwriter.Workbook, Any], object]


def drawn(draw: Draw, name: str = "明细") -> bytes:
    """A workbook whose first sheet is drawn by hand."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        draw(book, book.add_worksheet(name))
    return target.getvalue()


def table(*rows: Sequence[object], name: str = "明细") -> bytes:
    """A workbook of these rows; text stays text."""

    def draw(_book: xlsxwriter.Workbook, page: Any) -> None:
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, column, value)
                elif value is not None:
                    page.write(number, column, value)

    return drawn(draw, name)


@dataclass
class Brought:
    """A table on its way: its token and the answers of the pages so far."""

    client: FlaskClient
    paper: str
    token: str
    columns: str
    preview: str = ""
    status: int = 0

    @property
    def url(self) -> str:
        return f"/import/{self.paper}/{self.token}"

    def check(self, picks: dict[str, str] | None = None) -> Brought:
        """Send the columns as proposed (with what the test picks) and read the check."""
        chosen = dict(selects(self.columns)) | (picks or {})
        answer = self.client.post(f"{self.url}/columns", data=chosen)
        if answer.status_code != 302:
            self.status, self.columns = answer.status_code, answer.get_data(as_text=True)
            return self
        shown = self.client.get(answer.headers["Location"])
        self.preview, self.status = shown.get_data(as_text=True), shown.status_code
        return self

    def confirm(self) -> Any:
        """The last click."""
        key = re.search(r'name="_key" value="(\w+)"', self.preview)
        return self.client.post(f"{self.url}/preview", data={"_key": key[1] if key else ""})


def selects(page: str) -> list[tuple[str, str]]:
    """(name, chosen value) of every select of the columns page."""
    found = []
    for name, inside in re.findall(
        r'<select class="form-control" name="(s\d+c\d+)".*?>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found.append((name, chosen[1] if chosen else ""))
    return found


def upload(client: FlaskClient, paper: str, data: bytes, name: str = "明细.xlsx", source: str = "") -> Any:
    """The first page's answer."""
    return client.post(f"/import/{paper}", data={"file": (io.BytesIO(data), name), "source": source})


def bring(client: FlaskClient, paper: str, data: bytes, name: str = "明细.xlsx", source: str = "") -> Brought:
    """Upload and open the columns."""
    answer = upload(client, paper, data, name, source)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    token = answer.headers["Location"].split("/")[-2]
    columns = client.get(answer.headers["Location"])
    assert columns.status_code == 200
    return Brought(client, paper, token, columns.get_data(as_text=True))


def plain(page: str) -> str:
    """The page without tags, to read sentences in it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))
