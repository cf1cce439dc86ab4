"""The rooms of the house in one order: a feature may import only features that stand before it (03 «Import law»)."""

from __future__ import annotations

from typing import Protocol

from flask_appbuilder import AppBuilder

from app.features import customers, deals, organisation, payments, pricing, units


class Feature(Protocol):
    """One package of app.features."""

    NAME: str
    LABEL: str

    def register(self, appbuilder: AppBuilder) -> None:
        """Adds the feature's views, menu entries, duties and kernel registry entries."""


FEATURES: tuple[Feature, ...] = (organisation, units, pricing, customers, payments, deals)
