"""The pages that belong to nobody's feature: 工作台, 待我审批, 通知, 搜索, 我的资料, files, looking at personal data."""

from __future__ import annotations

from flask_appbuilder import AppBuilder


def register(appbuilder: AppBuilder) -> None:
    """Adds the pages and their menu entries; called once by the security manager."""
    from app.kernel.pages.notices import NoticesView
    from app.kernel.pages.password import PasswordView
    from app.kernel.pages.profile import ProfileView
    from app.kernel.pages.project import ProjectView

    for view in (ProfileView, PasswordView, ProjectView, NoticesView):
        appbuilder.add_view_no_menu(view)
