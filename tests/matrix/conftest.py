"""The world of the matrix, made once for its modules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import refresh

from tests.bench.databases import Databases
from tests.matrix.world import World, made_world


@pytest.fixture(scope="package")
def whole_world(app: Flask, databases: Databases) -> Iterator[World]:
    with made_world(app, databases) as made:
        yield made


@pytest.fixture
def world(whole_world: World) -> World:
    """The world as it was made, everybody reading Chinese again whatever an earlier test let him choose."""
    whole_world.restore()
    for client in whole_world.clients.values():
        with client.session_transaction() as cookie:
            cookie.pop("locale", None)
    refresh()  # the world's application context outlives a request
    return whole_world
