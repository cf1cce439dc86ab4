"""A form as a browser would send it back: what the page holds, and something plausible for what is required and empty."""

from __future__ import annotations

from html.parser import HTMLParser

from app.kernel.base import now

WORDS, NUMBER = "试一试", "1000"


class FilledForm(HTMLParser):
    """The form of a page that a person fills in (data-dirty): `names` is what it asks for, `body` what it sends."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.body: dict[str, str] = {}
        self.names: set[str] = set()
        self.inside, self.select, self.area = False, ("", False), ("", False)
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = "data-dirty" in had
        if not self.inside:
            return
        if tag in ("input", "select", "textarea"):
            self.names.add(had.get("name", ""))
        if tag == "select":
            self.select = (had.get("name", ""), "required" in had)
        elif tag == "option" and had.get("value"):
            name, required = self.select
            if "selected" in had or (required and name not in self.body):
                self.body[name] = had["value"]
        elif tag == "textarea":
            self.area = (had.get("name", ""), "required" in had)
        elif tag == "input":
            self._input(had)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea" and self.area[0]:
            if self.area[1]:
                self.body.setdefault(self.area[0], WORDS)
            self.area = ("", False)

    def handle_data(self, data: str) -> None:
        if self.area[0] and data.strip():
            self.body[self.area[0]] = data.strip()

    def _input(self, had: dict[str, str]) -> None:
        name, kind, value = had.get("name", ""), had.get("type", "text"), had.get("value", "")
        if not name or kind in ("file", "checkbox") or name.startswith("_shown_"):
            return
        if kind == "radio":
            if "checked" in had or name not in self.body:
                self.body[name] = value
        elif value or "required" not in had:
            self.body[name] = value
        else:
            number = "num" in had.get("class", "").split()
            self.body[name] = now().date().isoformat() if kind.startswith("date") else NUMBER if number else WORDS
