"""Who works with the rotation: the desk of the site gives turns, its chain and the auditor read."""

from __future__ import annotations

from app.features.customers.effects.arrival import REGISTRARS
from app.kernel.posts import Post

HEADS = frozenset({Post.SUPERVISOR})  # may decide against the line, with a reason
PLANNERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.CLERK, Post.ASSISTANT})  # make the duty list
KEEPERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})  # make the places
READERS = REGISTRARS | {
    Post.SITE_MANAGER,
    Post.PROJECT_MANAGER,
    Post.SALES_ADMIN,
    Post.GENERAL_MANAGER,
    Post.AUDITOR,
}
EXPORTERS = READERS - {Post.CONSULTANT, Post.ASSISTANT, Post.AUDITOR}
