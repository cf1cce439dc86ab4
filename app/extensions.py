"""The extensions of the site, made once here and bound to an app by `create_app`."""

from __future__ import annotations

from flask_appbuilder import AppBuilder, Model
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.security.sqla import models as framework_tables
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

# Two metadatas would let autogenerate drop every table (05 §1), so ours is the framework's.
db = SQLA(metadata=Model.metadata)
migrate = Migrate()
csrf = CSRFProtect()
# The security manager binds it (create_limiter), so that login and own routes count in one place.
limiter = Limiter(key_func=get_remote_address)
appbuilder = AppBuilder(update_perms=False)


def never_reuse_ids() -> None:
    """The id of a deleted account must not pass to a new one: old links would point at another person (04 §2.1)."""
    for table in framework_tables.Model.metadata.tables.values():
        if table.name.startswith("ab_"):
            table.dialect_options["sqlite"]["autoincrement"] = True


never_reuse_ids()
