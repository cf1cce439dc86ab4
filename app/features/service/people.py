"""Posts that several papers of this room name."""

from __future__ import annotations

from app.kernel.posts import Post

CHECKERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})
SERVING = frozenset({Post.CONSULTANT})
READERS = frozenset(
    {Post.CONSULTANT, Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.AUDITOR}
)  # fmt: skip
EXPORTERS = READERS - SERVING - {Post.AUDITOR}
