"""Every number that differs between sites, with its default (02: «a project parameter with the default given here»)."""

from __future__ import annotations

from decimal import Decimal

from app.features.organisation.parameter_kinds import (
    NO,
    YES,
    CheckItems,
    Code,
    DayList,
    Declared,
    Number,
    OneOf,
    Share,
    TimeOfDay,
    Whole,
    YesNo,
)

BOARD, PRICE, DEAL, MONEY, CUSTOMER, CLOCK, EXCEL = "销控", "价格", "认购与合同", "收款", "客户", "时间", "导入导出"
NOTICE = "通知"
ROTATION = "轮接"
VOUCHER = "凭证导出"
ARCHIVE = "资料档案"
OFFICE = "办公"
AFTERCARE = "按揭、交楼与办证"
COMPLAINT = "投诉与服务"
PRIVACY = "个人信息"

_FRACTION = Share(Decimal(0), Decimal(1), 6)
_PERCENT = Number(Decimal(0), Decimal(100), 2)
_YUAN = Number(Decimal(0), Decimal(1_000_000_000), 2)
_DAYS = Whole(0, 365)
_YEARS = Whole(1, 100)
_HOURS = Whole(1, 2400)
_SITE_HOURS = "每 24 小时算案场日历一个工作日，余下按营业时间"

PARAMETERS: dict[str, Declared] = {
    # 02 §2.2.1 房源
    "lock_minutes": Declared("锁定时长", BOARD, Whole(1, 240), "30", "分钟"),
    "opening_lock_minutes": Declared("开盘日锁定时长", BOARD, Whole(1, 240), "10", "分钟"),
    "lock_extension": Declared("锁定延长一次", BOARD, Whole(0, 240), "15", "分钟"),
    "con_self_lock": Declared("置业顾问可自行销控", BOARD, YesNo(), YES),
    "hold_hours_supervisor": Declared("主管可保留", BOARD, Whole(0, 720), "24", "小时"),
    "hold_hours_site_manager": Declared("案场经理可保留", BOARD, Whole(0, 720), "72", "小时"),
    "hold_cap_percent": Declared("保留上限占已推房源", BOARD, _PERCENT, "5", "%"),
    # 02 §2.3.1 价格
    "rounding_step": Declared("成交总价取整到", PRICE, OneOf(("1", "10", "100")), "1", "元"),
    "rounding_mode": Declared("成交总价取整方式", PRICE, OneOf(("四舍五入", "去尾")), "四舍五入"),
    "list_total_rounding": Declared("表价总价取整", PRICE, OneOf(("分", "元四舍五入", "元去尾")), "分"),
    "filed_warn": Declared(
        "低于备案价提示线", PRICE, _FRACTION, "0", hint="例如 15 %：成交总价低于备案价 15 % 时提示；0 不提示"
    ),
    "quote_days": Declared("置业计划有效", PRICE, Whole(1, 60), "3", "天"),
    # 02 §2.2.2 §2.2.3 §2.3.3 认购与合同
    "sign_due_days": Declared("认购后应签约", DEAL, _DAYS, "7", "天"),
    "sign_grace_days": Declared(
        "催签函寄出后可发解除通知", DEAL, _DAYS, "3", "天", "期满仍未签约，甲方现场负责人可以发解除认购通知"
    ),
    "material_check_first": Declared(
        "认购书先核对资料再审核", DEAL, YesNo(), NO, hint="开着时，文员登记「资料核对」以后主管才能审核通过"
    ),
    "deposit_minimum": Declared("定金最低额", DEAL, _YUAN, "5000", "元", "低于此数的定金不能成立认购"),
    "short_deposit_days": Declared("欠定补足期限", DEAL, _DAYS, "3", "天"),
    "deposit_cap": Declared("定金上限占总价", DEAL, _FRACTION, "0.20", hint="法定 20 %，超出部分按房款入账"),
    "lump_sum_first_row": Declared("一次性付款签约前须付首笔房款", DEAL, YesNo(), YES),
    "finish_with_home": Declared(
        "装修款计入认购书",
        DEAL,
        YesNo(),
        YES,
        hint="开着时，有装修款的房源在认购书上单列一项并计入成交总价；关着时另签装修合同",
    ),
    "contract_mode": Declared("合同签订方式", DEAL, OneOf(("A", "B")), "A", hint="A 先网签录入后签字，B 先签字后网签"),
    "online_sign_days": Declared("签字后网签期限", DEAL, _DAYS, "3", "天"),
    "filing_days": Declared("签字后备案期限", DEAL, _DAYS, "30", "天"),
    "filing_alert_days": Declared("备案首次提醒", DEAL, _DAYS, "20", "天", "签字满此天数仍未备案，提醒签约专员"),
    "filing_urgent_days": Declared(
        "备案紧急提醒", DEAL, _DAYS, "28", "天", "签字满此天数仍未备案，紧急提醒主管和案场经理"
    ),
    "collect_days": Declared("合同领取期限", DEAL, _DAYS, "45", "天"),
    "booking_days": Declared("小订保留", DEAL, Whole(1, 7), "3", "天"),
    "exchange_after_filing": Declared(
        "备案后可以换房", DEAL, YesNo(), NO, hint="开着时，先撤销备案再执行换房；关着时，备案后不办换房"
    ),
    "rename_after_filing": Declared(
        "签约备案后可以更名", DEAL, YesNo(), NO, hint="开着时，撤销合同并满等待天数后执行更名"
    ),
    "rename_wait_days": Declared("撤销后更名等待", DEAL, _DAYS, "30", "天"),
    "supplement_days": Declared("变更执行后补充协议签署期限", DEAL, _DAYS, "7", "天", "过期在首页标红"),
    # 02 §2.3.6 收款
    "late_fee_last": Declared("收款先冲房款、后冲滞纳金", MONEY, YesNo(), YES),
    "cash_limit": Declared("现金收款提示起点", MONEY, _YUAN, "50000", "元", "达到此数提示核验身份和来源"),
    "due_notice_days": Declared("应收提前提醒", MONEY, _DAYS, "7", "天"),
    "late_fee_auto": Declared(
        "逾期款缴清时自动计收滞纳金", MONEY, YesNo(), NO, hint="否则由甲方财务逐笔点「计收滞纳金」"
    ),
    "late_fee_loans": Declared("银行放款逾期也计滞纳金", MONEY, YesNo(), NO),
    "dunning_days": Declared(
        "催款节点", MONEY, DayList(-60, 365), "-7,0,3,7,15,30", "天", "距应收日的天数，负数为到期前；到节点即列入待催"
    ),
    "dunning_letter_days": Declared("逾期几天起发催款函", MONEY, _DAYS, "7", "天"),
    "reconcile_days": Declared(
        "银行对账日期相差", MONEY, Whole(0, 30), "3", "天以内", "自动对账时收款日与银行入账日最多差几天"
    ),
    "month_close_day": Declared("次月几日结账", MONEY, Whole(1, 28), "3", "日"),
    "month_close_auto": Declared("到结账日自动结账", MONEY, YesNo(), YES, hint="还有待确认的收款单时等处理完再结"),
    "bills_before_refund": Declared("退订退房先收回票据再付款", MONEY, YesNo(), YES),
    "dunning_answer_days": Declared("催款函限期缴清", MONEY, Whole(1, 90), "3", "天", "自签收或寄出日起"),
    # 02 §2.2.2 §2.3.7 §2.5.7 按揭、交楼与办证
    "mortgage_first_share": Declared("按揭首付最低占总价", AFTERCARE, _FRACTION, "0.15"),
    "mortgage_longest_years": Declared("贷款最长年限", AFTERCARE, Whole(1, 50), "30", "年"),
    "mortgage_age_limit": Declared("借款人年龄加贷款年限上限", AFTERCARE, Whole(18, 120), "70"),
    "mortgage_income_factor": Declared("月收入至少为月供的", AFTERCARE, Number(Decimal(0), Decimal(20), 2), "2", "倍"),
    "mortgage_papers_days": Declared("签约后按揭齐件", AFTERCARE, _DAYS, "7", "天"),
    "mortgage_release_days": Declared("签约后银行放款", AFTERCARE, _DAYS, "45", "天"),
    "mortgage_step_days": Declared("按揭每一步超过几天提示", AFTERCARE, Whole(1, 365), "10", "天"),
    "shortfall_days": Declared("补首付期限", AFTERCARE, _DAYS, "7", "天", "批贷金额少于申请时，从批贷日起算"),
    "area_limit": Declared("面积误差比例界限", AFTERCARE, _FRACTION, "0.03", hint="商品房销售管理办法第二十条：3 %"),
    "area_pay_days": Declared("面积补差缴款期限", AFTERCARE, _DAYS, "15", "天", "批准后几天内补交"),
    "withdraw_days": Declared("面积超差买受人可退房期限", AFTERCARE, _DAYS, "30", "天"),
    "handover_term_days": Declared("交楼通知后收楼期限", AFTERCARE, _DAYS, "15", "天"),
    "handover_needs_loan": Declared("收楼前按揭款须到账", AFTERCARE, YesNo(), YES),
    "defect_minor_days": Declared("轻微问题整改", AFTERCARE, Whole(1, 365), "7", "天"),
    "defect_common_days": Declared("一般问题整改", AFTERCARE, Whole(1, 365), "15", "天"),
    "defect_severe_days": Declared("严重问题整改", AFTERCARE, Whole(1, 365), "30", "天"),
    "deed_filing_days": Declared("交付后办证报送", AFTERCARE, _DAYS, "60", "天"),
    "deed_days": Declared("交付后出证", AFTERCARE, _DAYS, "90", "天"),
    "doubt_days": Declared("疑难单答复期限", AFTERCARE, Whole(1, 30), "1", "个工作日", "按案场日历"),
    # 02 §2.5.6 投诉与服务: 24 hours are one day of the site's calendar, the rest business hours (docs/decisions/0049)
    "complaint_reply_hours": Declared("投诉首次回复", COMPLAINT, _HOURS, "2", "小时", _SITE_HOURS),
    "complaint_limit_hours": Declared("投诉最迟回复", COMPLAINT, _HOURS, "24", "小时", _SITE_HOURS),
    "complaint_minor_hours": Declared("轻微投诉办结", COMPLAINT, _HOURS, "24", "小时", _SITE_HOURS),
    "complaint_common_hours": Declared("一般投诉办结", COMPLAINT, _HOURS, "72", "小时", _SITE_HOURS),
    "complaint_major_hours": Declared("重大投诉办结", COMPLAINT, _HOURS, "168", "小时", _SITE_HOURS),
    "complaint_raise_hours": Declared("重大投诉上报", COMPLAINT, _HOURS, "1", "小时", "从定为重大起算，营业时间"),
    "complaint_plan_hours": Declared("重大投诉提出方案", COMPLAINT, _HOURS, "24", "小时", _SITE_HOURS),
    "complaint_spot_limit": Declared("投诉补偿主管可定", COMPLAINT, _YUAN, "500", "元", "以上按审批链的限额上报"),
    "suggestion_days": Declared("建议整理上报期限", COMPLAINT, Whole(1, 30), "3", "个工作日", "按案场日历"),
    "event_hours": Declared("突发事件和纠纷受理", COMPLAINT, _HOURS, "24", "小时", _SITE_HOURS),
    "rating_visit_hours": Declared("到访评价码有效", COMPLAINT, Whole(1, 720), "72", "小时"),
    "rating_desk_days": Declared("评价点二维码有效", COMPLAINT, Whole(1, 365), "30", "天", "到期后重新打印"),
    "rating_desk_daily": Declared("一个评价点一天最多收", COMPLAINT, Whole(1, 10_000), "200", "份评价"),
    "rating_few": Declared("评价少于几份不排名", COMPLAINT, Whole(1, 1000), "5", "份"),
    "service_check_items": Declared(
        "服务检查项",
        COMPLAINT,
        CheckItems(),
        "仪容仪表、接待礼仪、讲解说辞、客户登记、跟进记录、接听电话、样板间、洽谈区卫生、资料摆放",
        hint="用顿号隔开；满分不是 10 分的，在后面空一格写满分，例如 样板间 20",
    ),
    # 凭证导出: account codes of the developer's own books (小企业会计准则 by default)
    "voucher_word": Declared("凭证字", VOUCHER, Code(4), "记"),
    "voucher_maker": Declared(
        "凭证制单人", VOUCHER, Code(20), "导出人", hint="账套里的操作员姓名；填「导出人」就用导出凭证的人的姓名"
    ),
    "code_cash": Declared("科目代码·库存现金", VOUCHER, Code(), "1001"),
    "code_bank_supervised": Declared("科目代码·监管户存款", VOUCHER, Code(), "1002.01"),
    "code_bank_general": Declared("科目代码·一般户存款", VOUCHER, Code(), "1002.02"),
    "code_bank_charges": Declared("科目代码·银行手续费", VOUCHER, Code(), "6603.01"),
    "code_buyers": Declared("科目代码·预收房款", VOUCHER, Code(), "2203.01"),
    "code_collected": Declared("科目代码·代收款项", VOUCHER, Code(), "2241.01"),
    "code_refunds": Declared("科目代码·应付退款", VOUCHER, Code(), "2241.02"),
    "code_fees": Declared("科目代码·手续费收入", VOUCHER, Code(), "6051.01"),
    "code_late_fees": Declared("科目代码·滞纳金收入", VOUCHER, Code(), "6301.01"),
    "code_forfeited": Declared("科目代码·没收定金收入", VOUCHER, Code(), "6301.02"),
    "code_penalties": Declared("科目代码·违约金收入", VOUCHER, Code(), "6301.03"),
    "code_compensation": Declared("科目代码·赔偿支出", VOUCHER, Code(), "6711.01"),
    # 02 §2.5.2 §2.5.3 客户
    "follow_days_a": Declared("A 级客户跟进间隔", CUSTOMER, _DAYS, "2", "天"),
    "follow_days_b": Declared("B 级客户跟进间隔", CUSTOMER, _DAYS, "3", "天"),
    "follow_days_c": Declared("C 级客户跟进间隔", CUSTOMER, _DAYS, "7", "天"),
    "follow_days_d": Declared("D 级客户跟进间隔", CUSTOMER, _DAYS, "30", "天"),
    "silence_duties": Declared(
        "多久没有联系建议降级", CUSTOMER, Whole(1, 20), "2", "倍", "超过该等级跟进间隔的倍数没有有效联系时，建议降一级"
    ),
    "assist_minutes": Declared(
        "难单协助主管到场", CUSTOMER, Whole(1, 480), "10", "分钟", "营业时间内，逾时提醒案场经理"
    ),
    "likelihood_months": Declared("成交参考取近几个月客户", CUSTOMER, Whole(1, 60), "12", "个月"),
    "likelihood_base": Declared(
        "成交参考最少客户数", CUSTOMER, Whole(1, 1000), "20", "人", "同类客户少于此数时注明「样本少，仅供参考」"
    ),
    "matched_units": Declared("意向分析推荐房源", CUSTOMER, Whole(5, 10), "8", "套"),
    "call_days": Declared("来电登记有效", CUSTOMER, _DAYS, "15", "天"),
    "visit_days": Declared("来访登记有效", CUSTOMER, _DAYS, "7", "天"),
    "follow_days": Declared("有效跟进延长保护", CUSTOMER, _DAYS, "10", "天"),
    # 02 §2.5.1 轮接
    "rotation_order": Declared(
        "每天开始的轮序",
        ROTATION,
        OneOf(("单双日固定顺序", "新客户少的在前")),
        "单双日固定顺序",
        hint="单日按排班轮位，双日倒过来",
    ),
    "rotation_sign_in": Declared("排班的顾问点「到岗」才入轮", ROTATION, YesNo(), NO),
    "rotation_skip_old": Declared("接待老客户时轮空不补", ROTATION, YesNo(), NO),
    "rotation_named_uses": Declared("客户指定顾问占轮次", ROTATION, YesNo(), NO),
    "rotation_channel_uses": Declared("渠道带访占轮次", ROTATION, YesNo(), NO),
    "rotation_referral_uses": Declared("老带新占轮次", ROTATION, YesNo(), NO),
    "rotation_claim_days": Declared(
        "未登记老客户公示", ROTATION, Whole(0, 30), "2", "天", "期内同事可主张，期满归接待人"
    ),
    # 02 §2.5.2 判客、公海、渠道报备
    "appeal_days": Declared("判客裁定后可申诉", CUSTOMER, Whole(0, 90), "3", "天"),
    "back_claim_days": Declared(
        "成交后可追认归属", CUSTOMER, _DAYS, "7", "天", "成交后几天内，先登记的顾问可以提出判客"
    ),
    "split_percent": Declared(
        "分单时先登记顾问占", CUSTOMER, Whole(1, 99), "50", "%", "电话告知后代为成交、夫妻分别接待时的建议比例"
    ),
    "siblings_one_group": Declared("兄弟姐妹算一组关系户", CUSTOMER, YesNo(), NO),
    "pool_auto": Declared("超期客户自动转入公海", CUSTOMER, YesNo(), YES),
    "pool_contact_days": Declared("超过几天没有有效联系转公海", CUSTOMER, _DAYS, "7", "天", "0 不按联系回收"),
    "pool_visit_days": Declared("超过几天没有到访转公海", CUSTOMER, _DAYS, "30", "天", "0 不按到访回收"),
    "protect_days": Declared("取得归属后几天内不回收", CUSTOMER, _DAYS, "3", "天"),
    "pool_back_days": Declared("转公海后几天内原顾问不能领回", CUSTOMER, _DAYS, "3", "天"),
    "pool_claims": Declared("每人每天最多领取公海客户", CUSTOMER, Whole(0, 1000), "5", "位"),
    "pool_warn_days": Declared("转公海前几天提醒", CUSTOMER, Whole(0, 30), "2", "天"),
    "channel_ahead_minutes": Declared("渠道报备须早于到访", CUSTOMER, Whole(0, 1440), "30", "分钟"),
    "channel_valid_days": Declared("渠道报备有效", CUSTOMER, _DAYS, "3", "天"),
    "channel_protect_days": Declared("渠道带看后保护", CUSTOMER, _DAYS, "30", "天"),
    "natural_days": Declared(
        "自然到访优先", CUSTOMER, _DAYS, "30", "天", "几天内自行到访或来电登记过的客户，渠道报备无效"
    ),
    # 02 §2.5.11 个人信息, S1.11.2 客户档案报送
    "dossier_deal_days": Declared("成交后报送客户档案", PRIVACY, _DAYS, "3", "天", "从定金确认起算，报甲方营销策划部"),
    "dossier_week_days": Declared(
        "意向客户档案报送间隔", PRIVACY, Whole(1, 60), "7", "天", "A、B 级客户每隔几天报一批"
    ),
    "person_request_days": Declared("个人信息请求答复", PRIVACY, Whole(1, 60), "15", "个工作日", "按办公日历"),
    "breach_hours": Declared("泄露事件上报", PRIVACY, Whole(1, 720), "72", "小时", "从发现时起算"),
    # 02 §2.5.8 资料档案
    "archive_days": Declared("资料归档期限", ARCHIVE, _DAYS, "1", "天", "签约等事项发生后几天内归档；1 即当日或次日"),
    "loan_days": Declared("借阅归还期限", ARCHIVE, Whole(1, 365), "7", "天", "借出后几天内归还，逾期提醒"),
    "letter_reply_days": Declared("来文回复期限", ARCHIVE, Whole(1, 365), "3", "天", "来文没有写明期限时按此计算"),
    "opinion_days": Declared("制度征求意见期限", ARCHIVE, Whole(1, 60), "3", "天"),
    "keep_accounting_years": Declared("会计凭证保管", ARCHIVE, _YEARS, "30", "年"),
    "keep_contract_years": Declared("合同保管（履行完毕后）", ARCHIVE, _YEARS, "10", "年"),
    "keep_identity_years": Declared("客户身份资料保管（业务结束后）", ARCHIVE, _YEARS, "10", "年"),
    "keep_ordinary_years": Declared("一般资料保管", ARCHIVE, _YEARS, "5", "年"),
    "keep_visitor_months": Declared("未成交客户资料保管", ARCHIVE, Whole(1, 120), "24", "月"),
    # 02 §2.5.4 时间
    "open_time": Declared("开始营业", CLOCK, TimeOfDay(), "09:00"),
    "close_time": Declared("结束营业", CLOCK, TimeOfDay(), "18:00"),
    # 02 §2.1.4 §2.5.4 通知
    "quiet_from": Declared("免打扰开始", NOTICE, TimeOfDay(), "21:00", hint="此后只发紧急消息，其余到结束时补发"),
    "quiet_until": Declared("免打扰结束", NOTICE, TimeOfDay(), "08:30", hint="案场休息日全天免打扰"),
    "digest_time": Declared("早上汇总邮件", NOTICE, TimeOfDay(), "08:30"),
    "urgent_repeat_minutes": Declared(
        "紧急通知重复提醒", NOTICE, Whole(0, 240), "15", "分钟", "未读时隔多久再提醒；0 不重复"
    ),
    # 02 §2.5.11 导入导出
    "export_rows": Declared("一次最多导出", EXCEL, Whole(100, 1_000_000), "200000", "行"),
    "export_personal_rows": Declared("含个人信息一次最多导出", EXCEL, Whole(1, 1_000_000), "20000", "行"),
    "export_reason_persons": Declared(
        "导出个人信息须写原因", EXCEL, Whole(0, 10_000), "50", "人以上", "达到此数以内也会提示并记入审计"
    ),
    # 02 §2.4 办公
    "expense_bill_from": Declared("报销须附票据起点", OFFICE, _YUAN, "100", "元"),
    "expense_needs_budget": Declared("没有预算的科目按超预算报批", OFFICE, YesNo(), YES),
    "supply_soon_percent": Declared("即将用完线占安全量", OFFICE, Whole(100, 1000), "150", "%"),
    "supply_refill_percent": Declared(
        "采购补到安全量的", OFFICE, Whole(100, 1000), "200", "%", "按安全量生成采购申请时的数量"
    ),
}
