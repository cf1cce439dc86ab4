"""The doctor tells of a value that cannot be read and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.kernel.checkups import Checkup, faults_of


def test_a_value_that_cannot_be_read_is_a_fault_and_not_the_end(session: Any) -> None:
    def damaged(_session: Any) -> Iterator[str]:
        yield "凭证 7：借贷不平"
        yield date.fromisoformat("2026-11-31").isoformat()

    found = faults_of(Checkup("收款总账", damaged), session())
    assert found[0] == "凭证 7：借贷不平"
    assert len(found) == 2 and "读不出来" in found[1]
    assert faults_of(Checkup("票据", lambda _session: ()), session()) == []
