"""组织: companies, projects, people, posts, delegation, calendars and parameters (03 §3.1)."""

from __future__ import annotations

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as L  # noqa: N812

NAME = "organisation"
LABEL = "组织"


def register(appbuilder: AppBuilder) -> None:
    """Registers the directory and the business clock."""
    from app.features.organisation import jobs, states  # noqa: F401 - they register themselves
    from app.features.organisation.calendars import business_due, days_of_site
    from app.features.organisation.directory import Directory
    from app.features.organisation.parameters import parameter
    from app.features.organisation.printed import project_values
    from app.kernel.actors import register_directory
    from app.kernel.approval.stations import register_clock
    from app.kernel.notices.quiet import register_site_days
    from app.kernel.papers.kinds import site_values
    from app.kernel.parameters import register_parameters
    from app.kernel.registries import add_lookup

    register_parameters(parameter)
    directory = Directory(appbuilder.session)
    register_directory(directory)
    register_clock(business_due(appbuilder.session))
    register_site_days(days_of_site)
    site_values(project_values)
    add_lookup("person", directory.person_names, directory.people_of_project)
    add_lookup("seller", directory.person_names, directory.sellers_of_project)
    add_lookup("project", directory.project_names)
    add_lookup("project_company", directory.company_names)
    add_lookup("project_developer", directory.developer_names)
    add_lookup("team", directory.team_names, directory.teams_of_project)
    _screens(appbuilder)


def _screens(appbuilder: AppBuilder) -> None:
    from app.features.organisation.models import Person
    from app.features.organisation.views import CATEGORY, people, projects, settings
    from app.features.organisation.views.accounts import AccountsView
    from app.kernel.registries import add_tab
    from app.kernel.screens.view import add_document

    for view in (
        people.AssignmentView,
        people.DelegationView,
        people.PersonView,
        projects.ProjectsView,
        projects.PermitView,
        projects.TeamView,
        projects.CompanyView,
    ):
        add_document(appbuilder, view)
    appbuilder.add_view(
        settings.ParametersView,
        "ParametersView",
        label=L("参数"),
        icon="cog",
        category=str(CATEGORY),
        category_label=CATEGORY,
    )
    add_document(appbuilder, settings.ParameterView)
    add_document(appbuilder, settings.CalendarDayView)
    appbuilder.add_view_no_menu(AccountsView)
    add_tab(Person, "posts", "任职", people.posts_of_person, people.PersonView.readers)
