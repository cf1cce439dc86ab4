"""Posts that several papers of this room name."""

from __future__ import annotations

from app.kernel.posts import Post

EXPORTERS = frozenset(
    {
        Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.CLERK,
        Post.CONTRACT_OFFICER, Post.DEVELOPER_SERVICE, Post.DEVELOPER_SITE, Post.DEVELOPER_FINANCE,
    }
)  # fmt: skip
