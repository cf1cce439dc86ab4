"""The pages that belong to nobody's feature: 工作台, 待我审批, 通知, 搜索, 我的资料, files, looking at personal data."""

from __future__ import annotations

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as L  # noqa: N812 - the house's name of lazy texts

from app.kernel.grants import grant
from app.kernel.posts import ALL_POSTS


def register(appbuilder: AppBuilder) -> None:
    """Adds the pages and their menu entries; called once by the security manager."""
    from app.kernel.pages.approvals import ApprovalsView
    from app.kernel.pages.audit_trail import AuditTrailView
    from app.kernel.pages.file_views import FilePagesView
    from app.kernel.pages.files import FilesView
    from app.kernel.pages.imports import ImportsView
    from app.kernel.pages.language import LanguageView
    from app.kernel.pages.list_settings import ListSettingsView
    from app.kernel.pages.notice_channels import NoticeChannelsView
    from app.kernel.pages.notice_settings import NoticeSettingsView
    from app.kernel.pages.notices import NoticesView
    from app.kernel.pages.password import PasswordView
    from app.kernel.pages.policies import PoliciesView
    from app.kernel.pages.prints import PrintsView
    from app.kernel.pages.profile import ProfileView
    from app.kernel.pages.project import ProjectView
    from app.kernel.pages.reveal import RevealView
    from app.kernel.pages.search import SearchView
    from app.kernel.pages.tasks import TasksView

    for view in (
        ProfileView, PasswordView, ProjectView, LanguageView, NoticesView, NoticeSettingsView, FilesView, FilePagesView,
        PrintsView, RevealView, SearchView, TasksView, ImportsView, ListSettingsView,
    ):  # fmt: skip
        appbuilder.add_view_no_menu(view)
    grant("Home", "menu_access", ALL_POSTS)
    appbuilder.add_link("Home", href="/", label=L("工作台"), icon="home")
    appbuilder.add_view(ApprovalsView, "Approvals", label=L("待我审批"), icon="check")
    appbuilder.add_view(
        PoliciesView, "Policies", label=L("审批规则"), icon="check", category="Settings", category_label=L("设置")
    )
    appbuilder.add_view(
        NoticeChannelsView, "NoticeChannels", label=L("邮件与群机器人"), icon="send", category="Settings", category_label=L("设置")
    )  # fmt: skip
    appbuilder.add_view(
        AuditTrailView, "AuditTrail", label=L("审计记录"), icon="shield", category="Settings", category_label=L("设置")
    )
