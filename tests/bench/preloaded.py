"""Imports the whole app, so that processes forked from here need not: four seconds of work, done once a session.

Nothing is built at import: each server makes its own app with its own settings.
"""

from __future__ import annotations

import importlib
import pkgutil

import app

for _module in pkgutil.walk_packages(app.__path__, "app."):
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)
