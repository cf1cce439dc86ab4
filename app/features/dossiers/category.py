"""The side menu's group of this room: files stand beside the customers that they tell of."""

from __future__ import annotations

from flask_babel import lazy_gettext as L  # noqa: N812

CATEGORY = L("资料档案")
