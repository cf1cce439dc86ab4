"""Texts that would run if a page forgot to escape them (04 S8); each names itself «xqz» where it would take hold."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

PAYLOADS = (
    "<xqz>", "</td><xqz>", "<b xqz>粗", "<img src=x onerror=alert(1) xqz>", "<svg onload=alert(1) xqz>", "<script xqz>alert(1)</script>",
    "\"><xqz>", "'><xqz>", "\" xqz onfocus=alert(1) autofocus x=\"", "' xqz onclick=alert(1) x='", "x xqz onmouseover=alert(1)",
    "</title><xqz>", "</textarea><xqz>", "</option></select><xqz>", "</script><xqz>", "</style><xqz>", "--><xqz>", "]]><xqz>",
    "javascript:alert(1)//xqz", "<a href=javascript:alert(1) xqz>", "<iframe srcdoc='<xqz>' xqz>", "<form action=//x xqz>",
    "<math xqz><mi>", "<details open ontoggle=alert(1) xqz>", "<<xqz>>", "<xqz\t/>", "<img\n/src/onerror=alert(1) xqz>",
    "&lt;xqz&gt;<xqz>", "{{7*7}}{%xqz%}<xqz>", "\u202e<xqz>\u200b",
)  # fmt: skip


class _Taken(HTMLParser):
    """Where a payload became a part of the page instead of its text."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        if "xqz" in tag or any("xqz" in name for name, _value in attrs):
            self.faults.append(f"element <{tag}> of a payload")
        for name, value in attrs:
            if name in ("href", "src", "action") and (value or "").strip().lower().startswith("javascript:"):
                self.faults.append(f"{name} runs {value}")
            if name.startswith("on"):
                self.faults.append(f"handler {name} in <{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if "49" in data and "{{" not in data and "{%xqz%}" in data:
            self.faults.append("a template text was computed")
        if self.inside == "script" and "<" in data and "xqz" in data:
            self.faults.append("a payload stands raw in a script")


def taken(page: str) -> Iterator[str]:
    """Every place where a payload took hold of the page."""
    reader = _Taken()
    reader.feed(page)
    yield from reader.faults
