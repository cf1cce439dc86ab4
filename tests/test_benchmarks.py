"""The benchmarks themselves: the rush counts what was sold, and the command runs from beginning to end (04 F5)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.rush import passed
from config import ROOT


def test_a_home_that_is_sold_twice_or_never_stops_the_rush() -> None:
    taken: set[int] = set()

    def once(home: int, _customer: int) -> bool:
        first = home not in taken
        taken.add(home)
        return first

    done = passed(once, [1, 2, 3], [7, 8])
    assert (done.sold, len(done.waits)) == (3, 6)
    with pytest.raises(RuntimeError, match="home 1, buyer 1"):
        passed(lambda _home, _customer: True, [1], [7, 8])
    with pytest.raises(RuntimeError, match="home 1, buyer 0"):
        passed(once, [1], [7, 8])


@pytest.mark.slow
def test_the_rush_is_measured_beside_the_bare_loop_and_django() -> None:
    command = [sys.executable, "-m", "app.commands", "bench", "rush", "--homes", "5", "--runs", "1"]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "每套只售出一次 ✓" in done.stdout
    assert all(word in done.stdout for word in ("网页表单", "直接循环", "Django 视图"))
