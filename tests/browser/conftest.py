"""Everybody at a browser of his own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.desks import Desks


@pytest.fixture
def desks(chromium, server) -> Iterator[Desks]:
    people = Desks(chromium, server.url)
    yield people
    people.close()
