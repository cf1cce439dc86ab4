"""案场管家: the back office of a real-estate sales site."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

from flask import Flask


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """One site: config → extensions → each feature's register(). overrides are Flask settings that win.

    Raises RuleError when a secret is missing (config.settings).
    """
    from app.kernel.quick_start import collected_later

    with collected_later():
        return _made(overrides)


def _made(overrides: Mapping[str, Any] | None) -> Flask:
    from app import headers
    from app.catalogues import compile_catalogues
    from app.extensions import appbuilder, csrf, db
    from app.health import health
    from app.kernel import chores, menu, refusals, routes, shell
    from app.kernel.columns import use_keys
    from app.kernel.schema import finish_tables
    from app.kernel.screens import drawing, speaking
    from app.kernel.tasks import running
    from app.kernel.transactions import wire
    from app.registry import FEATURES, arrange_menu
    from config import ROOT, settings

    app = Flask(__name__)
    app.config.update(settings(os.environ, overrides))
    os.environ["TZ"] = app.config["TIMEZONE"]
    time.tzset()
    compile_catalogues(ROOT / "translations")
    use_keys(app.config["FIELD_KEYS"], app.config["INDEX_KEY"])
    for part in (routes, headers, refusals, shell, menu, drawing, chores, running):
        part.install(app)
    db.init_app(app)
    with app.app_context():
        wire(db.engine)
        appbuilder.init_app(app, db.session)
        speaking.install(app)  # after AppBuilder: it brings the framework's own way to translate templates
        csrf.init_app(app)  # after AppBuilder: before it, every REST view would be exempt (04 §2.3)
        for feature in FEATURES:
            feature.register(appbuilder)
        arrange_menu(appbuilder)
        finish_tables(db.metadata)
    app.register_blueprint(health)
    return app
