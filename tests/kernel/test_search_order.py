"""Whoever types a name into the search looks for the customer, then for his home and his order, and for single papers last."""

from __future__ import annotations

from typing import Any

from app.kernel.registries import SEARCH
from tests.cast import Cast
from tests.features.archive import files


def test_customers_stand_before_their_papers(cast: Cast, client_as: Any) -> None:
    folder = files.household(cast)
    page = client_as("supervisor").get(f"/search?q={folder.customer_name}").get_data(as_text=True)
    found = {label: page.find(f"<h2>{label}</h2>") for label in ("客户", "户档", "资料")}
    assert min(found.values()) > 0, found
    assert found["客户"] < found["户档"] < found["资料"]


def test_every_kind_has_a_place(app: Any) -> None:
    ranks = {model.__name__: entry.rank for model, entry in SEARCH.items()}
    assert ranks["Customer"] < ranks["Unit"] < ranks["Reservation"] < ranks["Folder"] < ranks["Paper"]
