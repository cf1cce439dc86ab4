"""docs/developers/add-a-document.md, proven: a room of seven short files walks end to end (03 §3.6).

In a process of its own, for a table once mapped stays mapped.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT

ROOM = Path(__file__).parent / "key_loans"
LINES = 200  # a document type with approval, screens and rules; more would be a kernel that carries too little


@pytest.mark.timeout(900)
def test_a_new_document_type_is_declared_and_everything_follows(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.developers.with_room", "-p", "no:cacheprovider", "-p", "no:xdist",
         "tests/developers/walk_key_loans.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "ROOM_MIGRATIONS": str(tmp_path / "migrations"), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
    assert re.search(r"\d+ passed", found.stdout)


def test_it_takes_few_lines() -> None:
    assert sum(len(path.read_text("utf-8").splitlines()) for path in ROOM.glob("*.py")) <= LINES


def test_the_page_names_what_the_room_did() -> None:
    page = (ROOT / "docs/developers/add-a-document.md").read_text("utf-8")
    assert [line[0] for line in page.splitlines() if re.match(r"\d+\. ", line)][:9] == list("123456789")
    assert "tests/developers/key_loans" in page
