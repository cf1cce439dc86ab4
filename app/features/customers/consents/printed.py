"""What stands on the form that a customer signs. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from typing import Any

from app.features.customers.consents.effects import standing, text_in_force
from app.features.customers.consents.models import Purpose
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import Desk, person, told

MISSING = "（本项目还没有使用中的同意书，请先拟定并送审。）"


def consent_form(desk: Desk, customer: Any) -> Values:
    """个人信息处理告知同意书: the text in force, one line a purpose to tick."""
    text = text_in_force(desk.session, customer.project_id)
    given = standing(desk.session, customer.id)
    return {
        "版本": told(text and text.edition), "处理者": told(text and text.handler), "联系方式": told(text and text.contact),
        "正文": text.content if text else MISSING, "客户": customer.name,
        "同意事项": [
            {"序号": str(i), "事项": one.label, "选择": "☑ 同意　□ 不同意" if one in given else "□ 同意　□ 不同意"}
            for i, one in enumerate(Purpose, 1)
        ],
        "经办人": person(desk.actor.person_id),
    }  # fmt: skip
