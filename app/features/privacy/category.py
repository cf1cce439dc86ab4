"""The side menu's group of this room."""

from __future__ import annotations

from flask_babel import lazy_gettext as L  # noqa: N812

CATEGORY = L("个人信息")
