"""The group of the menu in which this room stands."""

from flask_babel import lazy_gettext as L  # noqa: N812

CATEGORY = L("办公")
