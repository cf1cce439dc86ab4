"""An invented import with two refused cells."""

from __future__ import annotations

from app.kernel.screens import page as p
from tests.look.list_samples import CUSTOMERS

CRUMBS = (p.Crumb("客户", "/customers"), p.Crumb("导入"))
UPLOAD = p.ImportUpload(
    "导入客户", CRUMBS, "/template.xlsx", "/customers", notes=("第一行是列名，一行一位客户", "手机号按文本填写")
)
MAPPING = p.ImportMapping(
    "导入客户",
    CRUMBS,
    "客户名单.xlsx",
    (
        p.ImportColumn(
            "c0", "姓名", ("张丽华", "刘建国"), (p.Option("name", "姓名"), p.Option("phone", "手机")), "name"
        ),
        p.ImportColumn(
            "c1",
            "电话",
            ("10012345678",),
            (p.Option("name", "姓名"), p.Option("phone", "手机")),
            "",
            "手机必须有一列对应",
        ),
    ),
    "/customers",
    rows_text="共 312 行",
)
PREVIEW = p.ImportPreview(
    "导入客户",
    CRUMBS,
    "客户名单.xlsx",
    310,
    2,
    (p.SumCheck("行数", "312", "310", False), p.SumCheck("定金合计（元）", "620,000.00", "620,000.00", True)),
    (p.ImportFault(7, "手机", "1001234", "手机要 11 位数字"), p.ImportFault(19, "等级", "E", "等级只能是 A、B、C、D")),
    p.Table(CUSTOMERS.columns, CUSTOMERS.rows[:2]),
    "/import",
    False,
    "改好文件后重新上传；一行有错，整份不导入。",
    errors_url="/errors.xlsx",
)
