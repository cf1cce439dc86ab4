"""The world of the matrix, made once for its modules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.bench.databases import Databases
from tests.matrix.world import World, made_world


@pytest.fixture(scope="package")
def whole_world(app: Flask, databases: Databases) -> Iterator[World]:
    with made_world(app, databases) as made:
        yield made


@pytest.fixture
def world(whole_world: World) -> World:
    """The world as it was made."""
    whole_world.restore()
    return whole_world
