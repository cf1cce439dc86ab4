"""The extensions of the site, made once here and bound to an app by `create_app`."""

from __future__ import annotations

from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.base import SQLA
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

# the kernel's own tables, whatever features there are
from app.kernel import audit, file_texts, kept_forms, notices, numbering, readings, workflow  # noqa: F401
from app.kernel.approval import engine, records  # noqa: F401
from app.kernel.base import metadata
from app.kernel.imports import records as imports  # noqa: F401
from app.kernel.scoped_session import ScopedSession
from app.kernel.tasks import records as tasks  # noqa: F401

# Two metadatas would let autogenerate drop every table (05 §1). The kernel's is the framework's own, and it names
# constraints: whatever imports this module first has the names on the framework's tables too.
db = SQLA(metadata=metadata, session_options={"class_": ScopedSession})
csrf = CSRFProtect()
# The security manager binds it (create_limiter), so that login and own routes count in one place.
limiter = Limiter(key_func=get_remote_address)
appbuilder = AppBuilder(update_perms=False)
