"""Two sizes of the suite: `./anchang test` leaves what is marked thorough, CI and `./anchang test --all` leave nothing.

Thorough is what repeats a promise for more people, in another language or in a larger size, never the only test of one. What is
left is counted, and the last lines name the command that runs it. In CI a test that does not run is a failure, however it was left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

THOROUGH = pytest.mark.thorough
LEFT = "anchang_left"  # under this name a process tells the one that started it what it has left


def name_of(item: pytest.Item) -> str:
    """File and function of a test, without its parameters."""
    return item.nodeid.partition("[")[0]


def some_first(plain: Iterable[str], every: Iterable[str]) -> list[Any]:
    """Parameters of a test: those of the plain suite, then all others as thorough ones."""
    chosen = list(plain)
    rest = [one for one in every if one not in chosen]
    return [*chosen, *(pytest.param(one, marks=THOROUGH) for one in rest)]


class Tiers:
    """plain: leave what is thorough; required: nothing may be left (CI). left: the tests that this run does not run."""

    def __init__(self, *, plain: bool, required: bool) -> None:
        if plain and required:
            raise pytest.UsageError("CI runs every test: --plain leaves the thorough ones (tests/bench/tiers.py)")
        self.plain, self.required = plain, required
        self.left: set[str] = set()
        self.thorough: set[str] = set()

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Takes out what this run leaves."""
        if not self.plain:
            return
        out = [item for item in items if item.get_closest_marker("thorough")]
        self.thorough.update(item.nodeid for item in out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
        bare = {name_of(item) for item in out} - {name_of(item) for item in items}
        if bare:
            raise pytest.UsageError(f"nothing of {sorted(bare)} is left in the plain suite: keep one case of each")
        if out:
            config.hook.pytest_deselected(items=out)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Whatever leaves tests (--plain, -k, -m, --deselect) says so here."""
        self.left.update(item.nodeid for item in items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Each of several processes collects and leaves for itself; all leave the same."""
        left, thorough = getattr(node, "workeroutput", {}).get(LEFT, ([], []))
        self.left.update(left)
        self.thorough.update(thorough)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tells the process that started this one; fails a run of CI that left anything."""
        told = getattr(session.config, "workeroutput", None)
        if told is not None:
            told[LEFT] = (sorted(self.left), sorted(self.thorough))
        elif self.required and self.left and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The one line about what did not run."""
        if self.required and self.left:
            terminalreporter.write_line(f"CI: {len(self.left)} tests were left out, and nothing may be", red=True)
        elif self.thorough:
            count = f"{len(self.thorough):,} thorough tests were left"
            terminalreporter.write_line(f"{count}; ./anchang test --all runs everything, as CI does", yellow=True)
