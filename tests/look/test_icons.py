"""Every icon that code and templates name is in the sprite."""

from __future__ import annotations

import re
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"
NAMED = re.compile(r"""\b(?:category_)?icon(?:=|\()["']([\w-]+)["']""")


def test_every_named_icon_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (APP / "static" / "icons.svg").read_text()))
    files = [*APP.rglob("*.py"), *(APP / "templates").rglob("*.html")]
    named = {
        (str(f.relative_to(APP)), n) for f in files for n in NAMED.findall(f.read_text()) if not n.startswith("fa-")
    }
    assert len(named) > 20
    assert {(f, n) for f, n in named if n not in drawn} == set()
