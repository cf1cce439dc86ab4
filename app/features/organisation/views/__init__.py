"""How the organisation is shown."""

from flask_babel import lazy_gettext as L  # noqa: N812

CATEGORY = L("组织")
