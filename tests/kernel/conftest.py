"""Fixtures of the kernel's own tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kernel.people import People, registered


@pytest.fixture
def people() -> Iterator[People]:
    """A directory without features; people.add(session, "login", Post.CLERK) makes an account."""
    with registered() as found:
        yield found
