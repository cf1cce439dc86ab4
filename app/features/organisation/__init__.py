"""组织: companies, projects, people, posts, delegation, calendars and parameters (03 §3.1)."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "organisation"
LABEL = "组织"


def register(appbuilder: AppBuilder) -> None:
    """Registers the directory and the business clock."""
    from app.features.organisation import jobs, states  # noqa: F401 - they register themselves
    from app.features.organisation.calendars import business_due
    from app.features.organisation.directory import Directory
    from app.kernel.actors import register_directory
    from app.kernel.approval.stations import register_clock
    from app.kernel.registries import add_lookup

    directory = Directory(appbuilder.session)
    register_directory(directory)
    register_clock(business_due(appbuilder.session))
    add_lookup("person", directory.person_names)
    add_lookup("project", directory.project_names)
    add_lookup("team", directory.team_names)
