"""Who may do what with which paper, read from page 07 and held against every route of the site (04 S1).

`PAPERS` has one line a paper, `PAGES` one a page of its own. A route without a line fails, a line without a route fails.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.kernel.posts import Post

CON, AST, CLK, CO, CH = Post.CONSULTANT, Post.ASSISTANT, Post.CLERK, Post.CONTRACT_OFFICER, Post.CHANNEL_OFFICER
SUP, SM, PM, HQ, MKT = Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.MARKETING
FIN_A, ADM, GM, AUD, ADMIN = Post.FINANCE, Post.ADMINISTRATION, Post.GENERAL_MANAGER, Post.AUDITOR, Post.ADMIN
JFS, FIN_D, JFM = Post.DEVELOPER_SITE, Post.DEVELOPER_FINANCE, Post.DEVELOPER_MARKETING
SVC, LAW, JFL = Post.DEVELOPER_SERVICE, Post.DEVELOPER_LEGAL, Post.DEVELOPER_LEAD

Posts = frozenset[Post]


def posts(*some: Post | Posts) -> Posts:
    """A set of posts and sets."""
    return frozenset().union(*(one if isinstance(one, frozenset) else {one} for one in some))


NOBODY: Posts = frozenset()
ALL = posts(*Post)
BUSINESS = ALL - {ADMIN}  # 07 §7.1: the administrator sees no business row
WORKERS = BUSINESS - {AUD}  # 07 §7.1: the auditor only reads
CHAIN = posts(SUP, SM, PM, HQ, GM)
FLOOR = posts(SM, PM, HQ, GM, JFS, JFL)  # 02 §2.1.6, 07 «floor price»
DEALS = posts(CHAIN, CON, AST, CLK, CO, FIN_D, JFS, JFL, AUD)
MONEY = posts(CHAIN, CON, CLK, CO, FIN_A, FIN_D, JFS, JFL, AUD)
LEDGER = posts(HQ, GM, FIN_A, FIN_D, JFL, AUD)
BILLS = posts(FIN_D, CLK, AUD)  # 07 «票据»
AFTERCARE = posts(CHAIN, CON, CLK, CO, FIN_D, SVC, JFS, JFL, AUD)  # 07 «按揭 办证», «面积补差 交楼 交楼问题»
DOUBTS = posts(CON, SUP, SM, PM, JFL, AUD)  # 07 «疑难单»: creator, chain
PRICES = posts(FLOOR, AUD)
MANAGERS = posts(CHAIN, CLK, JFS, JFL, AUD)
CUSTOMERS = posts(CHAIN, CON, AST, CLK, CH, AUD)
DOSSIERS = posts(CHAIN, CLK, JFM, AUD)
SELLING_DRAFTS = posts(CHAIN, JFS, AUD)  # 07: SUP, SM, PM, JFS make and decide 推盘批次 and 销控指令
SCHEME_DRAFTS = posts(
    CHAIN, JFL, AUD
)  # 07: SM, PM, JFL make and decide prices' terms; SUP checks what was decided on paper
HOLDERS = BUSINESS - {CON, CH}  # whoever may know of a hold (02 §2.2.1: CON sees «暂不可售»)
EXPORT = posts(CHAIN, CLK)  # 07 §7.1 «Export»: SUP and up, CLK, HQ
EXPORT_AFTERCARE = posts(EXPORT, CO, SVC, JFS, FIN_D)
EXPORT_UNITS = posts(EXPORT, JFS, JFL)
EXPORT_MONEY = posts(EXPORT, FIN_A, FIN_D, JFL)


@dataclass(frozen=True)
class Paper:
    """read: list and page; owned: consultants and teams see their own rows only; decided: somebody decides it by approval,
    so that its page may be asked for by every business post (02 §2.1.5); steps: who may take them, foreign papers never."""

    read: Posts
    add: Posts = NOBODY
    edit: Posts | None = None
    export: Posts = NOBODY
    owned: bool = False
    decided: bool = False
    steps: dict[str, Posts] = field(default_factory=dict)
    house: bool = False  # rows of the company, not of a project
    whole: Posts | None = None  # owned: everybody but these posts sees his own rows alone
    site: bool = False  # rows of no team: whoever is limited to one sees none
    remove: Posts | None = None  # delete what only an import makes
    before: Posts | None = None  # read by everybody named only after effect, by these posts from the beginning

    @property
    def removes(self) -> Posts:
        return self.add if self.remove is None else self.remove

    @property
    def edits(self) -> Posts:
        return self.add if self.edit is None else self.edit


def chain(kind: str, by: Posts, submit: str = "submit") -> dict[str, Posts]:
    """The two ends of an approval: who submits may withdraw."""
    return {submit: by, f"{kind}_withdraw": by}


ORDERERS = posts(CON, CLK, SUP, SM)
ASKERS = posts(CON, SUP, CLK)
CHANGES = ("cancellation", "exchange", "rename", "co_buyers", "payment_change", "extension")  # 02 §2.2.3
CONTRACTS = posts(CO, CLK)
FORMS = posts(CHAIN, CLK, CO, JFS, JFL, AUD)  # custody of printed contract forms (S3.24): no row of its own in 07
HOLDS = posts(SUP, SM, PM, JFS)
KEEPERS = posts(SUP, SM)
FOLLOWERS = posts(CON, SUP)
DESK = posts(CON, AST, CLK, SUP)
REPORTERS = posts(CHAIN, CON, CH, AUD)  # 07 «渠道报备 带看确认»
ROTATION = posts(CHAIN, DESK, AUD)

FILERS = posts(CLK, CO)  # 07 «资料档案 借阅»
AGENCY = posts(CON, AST, CLK, CO, CH, SUP, SM, PM, HQ, MKT, FIN_A, ADM, GM, AUD)
LENDING = {**dict.fromkeys(("lend", "give_back", "void"), FILERS), "extend": posts(SUP)}
LETTER_WRITERS = posts(FILERS, SUP, SM)
LETTERS = posts(CHAIN, FILERS, AUD)
KEEPING = {
    **dict.fromkeys(("move", "pass_on", "seal", "take_back", "ask_destroy", "void"), FILERS),
    **dict.fromkeys(("keep", "destroy"), posts(SUP, SM)),
}
KEEP = posts(CLK, ADM)  # 07 «办公用品 设备»
OFFICE = AGENCY  # «site posts», never 甲方
STAFF = AGENCY - {AUD}
BORNE = posts(SUP, MKT, SM, JFM, FIN_D, JFL, AUD)  # 07 «费用 borne by the developer»
EXPORT_OFFICE = posts(CHAIN, CLK, ADM, FIN_A)

SOLVERS = posts(SUP, SM, PM)  # 02 §2.5.6, S3.9
ON_SITE = posts(CON, AST, CLK, CO, CH, SUP, SM, PM)
COMPLAINTS = posts(CHAIN, CON, CLK, SVC, JFS, JFL, AUD)  # 07 «客户投诉», 07 §7.1: 甲方 reads customers' complaints
TAKERS = posts(CON, CLK, SUP, SVC)
ANSWERERS = posts(TAKERS, SOLVERS)
INTERNAL = posts(SUP, PM, HQ)  # 07 «内部投诉»: deciders only
RATED = posts(CON, CHAIN, AUD)  # S3.15: a consultant his own, SUP his scope
CHECKERS = posts(SUP, SM)
EVENTS = {**dict.fromkeys(("accept", "close"), SOLVERS), "void": ON_SITE}
SHEETS = {"confirm": posts(CON)}

TAKEN_OVER = posts(CHAIN, CLK, JFS, FIN_D, JFL, AUD)

PAPERS: dict[str, Paper] = {
    # 公司 项目 人员 岗位 参数 · 代理授权
    "company": Paper(posts(HQ, GM, AUD, ADMIN), add=posts(HQ, ADMIN), house=True),
    "project": Paper(ALL, add=posts(HQ)),
    "permit": Paper(BUSINESS, add=posts(HQ)),
    "team": Paper(ALL, add=posts(HQ, ADMIN)),
    "person": Paper(
        posts(HQ, ADM, GM, AUD, ADMIN), add=posts(ADMIN), house=True,
        steps=dict.fromkeys(("disable", "enable", "leave", "rehire"), posts(ADMIN)),
    ),
    "assignment": Paper(ALL, add=posts(ADMIN)),
    "delegation": Paper(BUSINESS, add=WORKERS, steps={**chain("delegation", WORKERS), "revoke": WORKERS}),
    "parameter": Paper(posts(HQ, GM, AUD), add=posts(HQ), edit=NOBODY),
    "calendar-day": Paper(ALL, add=posts(ADMIN), house=True),
    # 资料档案: 户档和客户资料随认购书, 现场文件只给代理公司
    "folder": Paper(DEALS, edit=FILERS, export=EXPORT, owned=True,
                    steps={"place": FILERS, "settle": FILERS, "reopen": posts(FILERS, SUP)}),
    "paper": Paper(DEALS, add=FILERS, export=EXPORT, owned=True, steps={"take_in": FILERS, **KEEPING}),
    "site-file": Paper(AGENCY, add=FILERS, export=EXPORT, steps=KEEPING),
    "paper-kind": Paper(BUSINESS, add=posts(CLK, HQ)),
    # 办公用品
    "supply-item": Paper(OFFICE, add=KEEP, export=EXPORT_OFFICE),
    "stock-movement": Paper(OFFICE, export=EXPORT_OFFICE),
    "supply-purchase": Paper(OFFICE, add=KEEP, export=EXPORT_OFFICE, decided=True, steps={**chain("supply_purchase", KEEP), "void": KEEP}),
    "supply-receipt": Paper(OFFICE, add=KEEP, export=EXPORT_OFFICE, steps=dict.fromkeys(("post", "void"), KEEP)),
    "supply-hand": Paper(
        OFFICE, add=KEEP, export=EXPORT_OFFICE,
        steps={**dict.fromkeys(("hand", "recall", "void"), KEEP), **dict.fromkeys(("sign", "reject"), STAFF)},
    ),
    "supply-check": Paper(
        OFFICE, add=KEEP, export=EXPORT_OFFICE, decided=True,
        steps={**chain("supply_count", KEEP), "supply_count_withdraw": NOBODY, **chain("supply_loss", KEEP, "submit_loss"), "void": KEEP},
    ),
    "loan": Paper(
        DEALS, add=FILERS, export=EXPORT, owned=True, decided=True,
        steps={**chain("loan", FILERS), **LENDING},
    ),
    "file-loan": Paper(AGENCY, add=FILERS, export=EXPORT, decided=True, steps={**chain("file_loan", FILERS), **LENDING}),
    "paper-handover": Paper(
        posts(CHAIN, FILERS, JFS, AUD), add=FILERS, export=EXPORT, steps=dict.fromkeys(("put", "drop", "hand", "void"), FILERS)
    ),
    # 收发文 用印登记 制度文件
    "incoming-letter": Paper(
        LETTERS, add=FILERS, export=EXPORT,
        steps={**dict.fromkeys(("assign", "reply", "close"), LETTER_WRITERS), "void": FILERS},
    ),
    "outgoing-letter": Paper(
        LETTERS, add=LETTER_WRITERS, export=EXPORT, decided=True,
        steps={**chain("letter", LETTER_WRITERS), "void": LETTER_WRITERS, **dict.fromkeys(("send", "answer", "done"), FILERS)},
    ),
    "seal-use": Paper(
        posts(FILERS, SUP, SM, JFS, AUD), add=FILERS, export=posts(CLK, SUP, SM), decided=True,
        steps={**chain("seal_developer", FILERS), "submit_site": FILERS, "seal_site_withdraw": FILERS, "void": FILERS,
               "use": posts(FILERS, SM, JFS), "give_back": posts(FILERS, SM, JFS)},
    ),
    "regulation": Paper(
        AGENCY, add=posts(SUP, SM), export=EXPORT, decided=True,
        steps={**chain("regulation", posts(SUP, SM)), "repeal": posts(SM), "remind": posts(SUP, SM, CLK),
               **dict.fromkeys(("ask_opinions", "study", "revise", "void"), posts(SUP, SM)),
               **dict.fromkeys(("give_opinion", "sign"), AGENCY - {AUD})},
    ),
    # 文书模板: 07 has no row; written at the desk and by SUP, decided by SM, read by the site, never by 甲方
    "paper-template": Paper(
        AGENCY, add=posts(CLK, CO, SUP), export=EXPORT, decided=True,
        steps={**chain("paper_template", posts(CLK, CO, SUP)), "retire": posts(SM), "void": posts(CLK, CO, SUP)},
    ),
    # 设备
    "equipment": Paper(
        OFFICE, add=KEEP, export=EXPORT_OFFICE, decided=True,
        steps={**chain("equipment_scrap", KEEP, "scrap"), "sign": STAFF,
               **dict.fromkeys(("hand_out", "place", "recall", "give_back", "send_to_repair", "repaired", "repaired_to_store", "return_it"), KEEP)},
    ),
    "equipment-holding": Paper(OFFICE, export=EXPORT_OFFICE),
    "equipment-repair": Paper(OFFICE, export=EXPORT_OFFICE),
    # 费用 borne by the agency: everybody his own, the chain, FIN-A, HQ; borne by the developer: SUP and marketing their own
    "agency-expense": Paper(
        OFFICE, add=STAFF, export=posts(CHAIN, CLK, FIN_A), owned=True, decided=True, whole=posts(CHAIN, FIN_A, AUD),
        steps={**chain("expense_agency", STAFF), "void": STAFF, **dict.fromkeys(("pay", "send_back"), posts(FIN_A))},
    ),
    "developer-expense": Paper(
        BORNE, add=posts(SUP, MKT), export=posts(SUP, SM, JFM, FIN_D, JFL), owned=True, decided=True, whole=BORNE - {SUP, MKT},
        steps={**chain("expense_developer", posts(SUP, MKT)), "void": posts(SUP, MKT), **dict.fromkeys(("pay", "send_back"), posts(FIN_D))},
    ),
    "agency-budget": Paper(posts(CHAIN, FIN_A, AUD), add=posts(FIN_A, HQ), export=posts(CHAIN, FIN_A), site=True),
    "developer-budget": Paper(
        posts(SM, JFM, FIN_D, JFL, AUD), add=posts(JFM), export=posts(SM, JFM, FIN_D, JFL)
    ),
    "expense-subject": Paper(posts(OFFICE, JFM, FIN_D, JFL), add=posts(FIN_A, HQ, SM)),
    # 期初接管 (issue «going live mid-sale»): prepared by the desk or HQ, taken over by FIN-D
    "take-over": Paper(
        TAKEN_OVER, add=posts(CLK, HQ), export=posts(CLK, SM, HQ, FIN_D), owned=True, decided=True,
        steps={**chain("take_over", posts(CLK, HQ)), "execute": posts(FIN_D), "reopen": posts(CLK, HQ), "void": posts(CLK, HQ)},
    ),
    **{
        f"take-over-{rows}": Paper(TAKEN_OVER, edit=posts(CLK, HQ), remove=posts(CLK, HQ), export=posts(CLK, SM, HQ, FIN_D), owned=True)
        for rows in ("order", "due", "receipt")
    },
    # 楼栋 户型 房源 · 推盘批次 · 销控指令 · 保留
    "building": Paper(BUSINESS, add=posts(CLK, HQ)),
    "unit-type": Paper(BUSINESS, add=posts(CLK, HQ)),
    "unit": Paper(
        HOLDERS, add=posts(CLK, HQ), export=EXPORT_UNITS,
        steps={"close": posts(JFS), "extend_lock": posts(SUP), "stop": posts(PM, JFS), "resume": posts(PM, JFS),
               "seize": posts(JFS), "unseize": posts(JFS)},
    ),
    "unit-entry": Paper(MANAGERS, decided=True, steps=chain("unit_entry", posts(CLK, HQ))),
    "release-batch": Paper(
        BUSINESS, add=posts(SUP), export=EXPORT_UNITS, decided=True, before=SELLING_DRAFTS,
        steps={**chain("release", posts(SUP)), **dict.fromkeys(("put_units", "drop_units", "void"), posts(SUP))},
    ),
    "control-order": Paper(
        BUSINESS, add=posts(SUP, PM), decided=True, before=SELLING_DRAFTS,
        steps={**chain("control_order", posts(SUP, PM)), **dict.fromkeys(("put_units", "drop_units", "void", "remind"), posts(SUP, PM)),
               "sign": BUSINESS},
    ),
    "hold": Paper(
        MANAGERS, add=HOLDS, export=EXPORT_UNITS, decided=True,
        steps={**chain("hold", HOLDS), "place": posts(SUP, SM, JFS), "renew": posts(SUP, SM, JFS),
               **dict.fromkeys(("name_customer", "release", "void"), HOLDS)},
    ),
    # 价目表版本 · 销售方案 · 付款方式 · 甲方授权
    "price-list": Paper(
        PRICES, add=posts(HQ, SM), export=FLOOR, decided=True,
        steps={**chain("price_list", posts(HQ, SM)), **dict.fromkeys(("make", "scale", "void"), posts(HQ, SM))},
    ),
    "price-notice": Paper(BUSINESS, export=EXPORT_UNITS, steps={"sign": WORKERS, "remind": posts(SUP, SM, HQ)}),
    "price-line": Paper(PRICES, export=FLOOR),
    "sales-scheme": Paper(
        BUSINESS, add=posts(SM), export=EXPORT_UNITS, decided=True, before=SCHEME_DRAFTS,
        steps={**chain("sales_scheme", posts(SM)), "retire": posts(SM), "copy": posts(SM)},
    ),
    "payment-scheme": Paper(
        BUSINESS, add=posts(SM), export=EXPORT_UNITS, decided=True, before=SCHEME_DRAFTS,
        steps={**chain("payment_scheme", posts(SM)), "retire": posts(SM), "revise": posts(SM)},
    ),
    "public-discount": Paper(BUSINESS, add=posts(SM), before=SCHEME_DRAFTS),
    "mandate": Paper(
        MANAGERS, add=posts(CLK, HQ), export=EXPORT_UNITS, decided=True,
        steps={**chain("mandate", posts(CLK, HQ)), "end": posts(HQ, JFL)},
    ),
    # 客户 来电来访 跟进 · 置业计划
    "customer": Paper(
        CUSTOMERS, edit=FOLLOWERS, export=EXPORT, owned=True,
        steps={**dict.fromkeys(("note_follow_up", "add_phone", "drop_phone", "note_relative", "lose", "resume", "lower_grade", "keep_grade"), FOLLOWERS),
               **dict.fromkeys(("note_contact", "note_consent", "withdraw_consent", "note_identity"), DESK),
               **dict.fromkeys(("change_owner", "pool", "assign"), KEEPERS)},
    ),
    "contact": Paper(CUSTOMERS, export=EXPORT, owned=True),
    # 轮接 (02 §2.5.1; 07 has no row): the desk acts, the chain reads, SUP and SM keep places, never 甲方
    "reception-place": Paper(ROTATION, add=KEEPERS),
    "rota-entry": Paper(ROTATION, add=posts(KEEPERS, CLK, AST), export=EXPORT),
    "rotation-turn": Paper(ROTATION, export=EXPORT),
    "rotation-posting": Paper(
        ROTATION, export=EXPORT, steps={"claim": FOLLOWERS, **dict.fromkeys(("uphold", "reject"), KEEPERS)}
    ),
    "follow-up": Paper(CUSTOMERS, export=EXPORT, owned=True),
    "customer-phone": Paper(CUSTOMERS, owned=True),
    # 个人信息 (02 §2.5.11): the text is passed by 甲方法务; requests are registered at the desk, decided by SUP and up, erased by HQ
    "consent-text": Paper(
        BUSINESS, add=posts(SUP, SM, HQ), export=EXPORT, decided=True,
        steps={**chain("consent_text", posts(SUP, SM, HQ)), "void": posts(SUP, SM, HQ)},
    ),
    "consent": Paper(CUSTOMERS, export=EXPORT, owned=True),
    "person-request": Paper(
        CUSTOMERS, add=DESK, edit=NOBODY, export=EXPORT, owned=True,
        steps={"verify": posts(DESK, SM, HQ), **dict.fromkeys(("answer", "withdraw", "refuse", "void"), posts(SUP, SM, HQ)), "erase": posts(HQ)},
    ),
    "purge-run": Paper(posts(HQ, SM, PM, GM, AUD), export=posts(HQ), steps=dict.fromkeys(("confirm", "keep", "void"), posts(HQ))),
    "privacy-breach": Paper(
        posts(CHAIN, AUD), add=posts(SUP, SM, HQ), export=posts(SM, PM, HQ),
        steps={"contain": posts(SUP, SM, HQ), **dict.fromkeys(("report", "close", "void"), posts(SM, PM, HQ))},
    ),
    # 客户档案报送批次 (07: SUP, CLK; JFM receives; read by the chain and JFM)
    "dossier-batch": Paper(
        DOSSIERS, add=posts(SUP, CLK), export=posts(EXPORT, JFM), before=DOSSIERS - {JFM}, site=True,
        steps={**dict.fromkeys(("fill", "put", "drop", "submit", "void"), posts(SUP, CLK)), "receive": posts(JFM), "give_back": posts(JFM), "return_one": posts(JFM)},
    ),
    "dossier-file": Paper(DOSSIERS, export=posts(EXPORT, JFM), before=DOSSIERS - {JFM}, site=True),
    # 潜客统计上报 (S3.5, S3.19): compiled by SUP, read by SM and PM, then by 甲方营销策划部
    "statistics-report": Paper(
        DOSSIERS, add=posts(SUP), export=posts(CHAIN, JFM), before=DOSSIERS - {JFM}, site=True, decided=True,
        steps={**chain("statistics_report", posts(SUP)), "void": posts(SUP)},
    ),
    "quote": Paper(posts(CON, SUP, AUD), add=posts(CON, SUP), edit=NOBODY, owned=True, steps={"void": posts(CON, SUP)}),
    # 公海 · 判客裁定 · 关系户 · 渠道报备 · 老带新 · 客户移交
    "pool-entry": Paper(
        posts(CHAIN, CON, AST, CLK, AUD), export=CHAIN, steps={"claim": FOLLOWERS, "give": KEEPERS}
    ),
    "ownership-claim": Paper(
        posts(CHAIN, CON, AUD), add=FOLLOWERS, edit=NOBODY, export=CHAIN, owned=True,
        steps={"rule": KEEPERS, "rule_appeal": posts(SM, PM), **dict.fromkeys(("appeal", "withdraw"), FOLLOWERS)},
    ),
    "relative": Paper(posts(CHAIN, CON, AUD), owned=True, steps={"end": KEEPERS}),
    "channel-company": Paper(
        REPORTERS, add=posts(CH, SUP, HQ), export=CHAIN, steps=dict.fromkeys(("stop", "resume"), KEEPERS)
    ),
    "channel-report": Paper(
        REPORTERS, add=posts(CH, CON, SUP), edit=NOBODY, export=CHAIN, owned=True,
        steps={**dict.fromkeys(("accept", "refuse"), KEEPERS), **dict.fromkeys(("arrive", "give_up"), posts(CH, CON, SUP)),
               "pay": posts(SM, HQ)},
    ),
    "referral": Paper(
        posts(CHAIN, CON, CLK, AUD), add=FOLLOWERS, edit=NOBODY, export=EXPORT, owned=True,
        steps={"approve": posts(SM), "pay": posts(SUP, CLK), "void": KEEPERS},
    ),
    "customer-transfer": Paper(posts(CHAIN, AUD), add=KEEPERS, export=CHAIN, steps={"execute": KEEPERS}),
    # 统一口径 (agency only) · 意向分析, 难单协助单: as 客户, but the clerk and 渠道专员 have nothing to do with them
    "sales-script": Paper(
        AGENCY, add=posts(SUP, SM), export=EXPORT, decided=True,
        steps={**chain("sales_script", posts(SUP, SM)), "sign": AGENCY - {AUD},
               **dict.fromkeys(("revise", "withdraw", "void", "remind"), posts(SUP, SM))},
    ),
    "intent-analysis": Paper(
        CUSTOMERS - {CLK, CH}, add=FOLLOWERS, export=CHAIN, owned=True,
        steps={"advise": posts(SUP, SM), "done": FOLLOWERS, "void": FOLLOWERS},
    ),
    "assist-request": Paper(
        CUSTOMERS - {CLK, CH}, add=FOLLOWERS, edit=NOBODY, export=CHAIN, owned=True,
        steps={"join": posts(SUP, SM), "finish": posts(CON, SUP, SM), "cancel": FOLLOWERS},
    ),
    # 缴款通知单 · 收款 退款 红冲 · 总账
    "order-account": Paper(MONEY, export=EXPORT_MONEY, owned=True),
    "receivable": Paper(
        MONEY, export=EXPORT_MONEY, owned=True, steps={"remind": posts(CON, CLK, SUP, FIN_D), "charge": posts(FIN_D)}
    ),
    "dunning-record": Paper(MONEY, export=EXPORT_MONEY, owned=True),
    "late-fee-waiver": Paper(  # 02 §2.3.6: ends at JFS
        MONEY, add=ASKERS, export=posts(EXPORT_MONEY, JFS), owned=True, decided=True,
        steps={**chain("late_fee_waiver", ASKERS), "void": ASKERS},
    ),
    "dunning-letter": Paper(  # drafts are reviewed by SUP; 解除通知 ends at JFS (02 §2.2.1)
        MONEY, add=ASKERS, export=posts(EXPORT_MONEY, JFS), owned=True, decided=True,
        steps={**chain("dunning_letter", ASKERS), **chain("termination_notice", ASKERS, "submit_termination"), "void": ASKERS,
               **dict.fromkeys(("send", "sign", "bounce"), posts(CLK, SUP))},
    ),
    # 票据 (07: FIN-D; read by FIN-D, CLK, auditor)
    "bill-book": Paper(BILLS, add=posts(FIN_D), export=posts(FIN_D, CLK), steps=dict.fromkeys(("draw", "close"), posts(FIN_D))),
    "bill": Paper(BILLS, export=posts(FIN_D, CLK), steps=dict.fromkeys(("void", "recall", "write_off"), posts(FIN_D))),
    "bill-exchange": Paper(
        BILLS, add=posts(FIN_D), export=posts(FIN_D, CLK), steps=dict.fromkeys(("exchange", "void"), posts(FIN_D))
    ),
    # 银行流水 · 月结
    "bank-line": Paper(
        BILLS, add=posts(FIN_D), edit=NOBODY, export=posts(FIN_D), steps=dict.fromkeys(("match", "explain", "unmatch"), posts(FIN_D))
    ),
    "month-close": Paper(  # issue 5: re-opened by 甲方负责人 alone
        LEDGER, add=posts(FIN_D), export=posts(FIN_A, FIN_D, JFL), steps={"close": posts(FIN_D), "reopen": posts(JFL)}
    ),
    "payment-notice": Paper(MONEY, add=posts(CON, CLK), export=EXPORT_MONEY, owned=True, steps={"discard": posts(CON, CLK)}),
    "receipt": Paper(
        MONEY, add=posts(FIN_D, CLK), export=EXPORT_MONEY, owned=True, decided=True,
        steps={"confirm": posts(FIN_D), "accept_surplus": posts(SM), "discard": posts(CLK, FIN_D), **chain("receipt_reversal", posts(FIN_D), "ask_reversal"),
               **dict.fromkeys(("issue_receipt", "issue_invoice"), posts(FIN_D))},
    ),
    "refund": Paper(
        MONEY, add=posts(FIN_D, CLK), export=EXPORT_MONEY, owned=True, steps={"pay": posts(FIN_D), "discard": posts(CLK, FIN_D)}
    ),
    "ledger-posting": Paper(LEDGER, export=posts(FIN_A, FIN_D, JFL)),
    # 特殊折扣单 · 认购书 · 合同 · 变更申请
    "discount-request": Paper(
        posts(CHAIN, CON, CLK, JFS, JFL, AUD), add=posts(CON, SUP), export=EXPORT_UNITS, owned=True, decided=True,
        steps={**chain("discount", posts(CON, SUP)), "void": posts(CON, SUP)},
    ),
    "signing-slip": Paper(
        DEALS, add=posts(CON, CLK, SUP), export=EXPORT - {GM}, owned=True,
        steps={"hand_over": posts(CON, SUP), "papers_checked": posts(CLK), "money_checked": posts(FIN_D), "buyer_signed": posts(CO),
               "sealed": posts(JFS), "back_to_sales": posts(CLK), "back_to_clerk": posts(FIN_D), "back_to_finance": posts(CO),
               "back_to_officer": posts(JFS), "void": posts(CON, SUP, CLK)},
    ),
    "contract-set": Paper(
        DEALS, add=CONTRACTS, export=posts(CLK, CO, SUP, SM), owned=True, steps=dict.fromkeys(("ready", "unready", "take", "void"), CONTRACTS)
    ),
    "contract-form": Paper(
        FORMS, export=posts(CLK, CO, SUP, SM, JFS), site=True,
        steps={"issue": posts(CLK), "give_back": posts(CLK), "use": CONTRACTS, "spoil": CONTRACTS},
    ),
    "form-batch": Paper(FORMS, add=CONTRACTS, edit=NOBODY, export=posts(CLK, CO, SUP, SM, JFS), site=True),
    "intention": Paper(
        DEALS, add=posts(CON, CLK), export=EXPORT - {GM}, owned=True, decided=True,
        steps={**chain("intention", posts(CON, CLK)), **dict.fromkeys(("sign_in", "to_deposit", "ask_back", "give_up"), ASKERS),
               "choose": ORDERERS, "pass_over": posts(CLK, SUP), "paid_back": posts(FIN_D, CLK), "void": posts(CON, CLK)},
    ),
    "booking": Paper(
        DEALS, add=ORDERERS, export=EXPORT - {GM}, owned=True,
        steps={**dict.fromkeys(("sign", "void", "drop"), ORDERERS), "give_up": posts(SUP, SM)},
    ),
    "reservation": Paper(
        DEALS, edit=ORDERERS, export=posts(EXPORT, FIN_D), owned=True, decided=True,
        steps={**chain("reservation", ORDERERS), "check_material": posts(CLK), "customer_sign": ORDERERS, "seal": posts(JFS),
               "collect": posts(CON, CLK), "release": posts(CON, SUP, SM), "extend": posts(SUP),
               "demand_signing": posts(CLK, SUP), "notify_end": posts(JFS), **dict.fromkeys(("split", "end_split"), posts(SUP, SM))},
    ),
    "buyer": Paper(DEALS, add=ORDERERS, owned=True),
    "contract": Paper(
        DEALS, add=CONTRACTS, export=posts(EXPORT, CO, JFS, FIN_D), owned=True, decided=True,
        steps={**chain("contract", CONTRACTS), **dict.fromkeys(("enter", "buyer_sign", "collect", "void", "hand_key"), CONTRACTS),
               **dict.fromkeys(("sign", "sign_on_paper", "go_online", "file", "revoke", "accept_revocation", "revoked", "papers"), posts(CO)),
               "seller_seal": posts(JFS)},
    ),
    "change-request": Paper(
        DEALS, add=ASKERS, export=posts(CLK, SUP, SM, PM, HQ, FIN_D), owned=True, decided=True,
        steps={**chain("order_end", ASKERS), **{k: v for kind in CHANGES for k, v in chain(kind, ASKERS, f"submit_{kind}").items()},
               **dict.fromkeys(("execute", "execute_exchange", "execute_rename", "execute_payment"), posts(FIN_D)),
               **dict.fromkeys(("execute_co_buyers", "execute_extension"), posts(CLK, CO, SUP)),
               "rework": posts(ASKERS, FIN_D), "void": ASKERS, "prove": ASKERS, "sign_supplement": posts(CLK, CO)},
    ),
    # 按揭 疑难单
    "mortgage": Paper(
        AFTERCARE, add=posts(CO), export=posts(EXPORT, CO, FIN_D), owned=True,
        steps=dict.fromkeys(("pass_check", "receive_rest", "complete", "interview", "submit", "ask_more", "submit_again", "grant",
                             "note_lien", "release", "release_at_once", "register", "refuse", "void"), posts(CO)),
    ),
    "doubt": Paper(
        DOUBTS, add=FOLLOWERS, export=posts(SUP, SM, PM), owned=True, decided=True,
        steps={**dict.fromkeys(("ask", "answer", "ask_again", "close", "void"), FOLLOWERS),
               **chain("doubt", posts(SUP), "report"), "answer_on_spot": posts(SUP)},
    ),
    # 面积补差 交楼 交楼问题 (甲方客服) · 办证 (签约按揭专员)
    "area-settlement": Paper(
        AFTERCARE, add=posts(SVC), export=EXPORT_AFTERCARE, owned=True, decided=True,
        steps={**chain("area_settlement", posts(SVC)), **dict.fromkeys(("choose", "confirm_even", "withdraw", "void"), posts(SVC))},
    ),
    "handover-batch": Paper(AFTERCARE, add=posts(SVC),
                            steps=dict.fromkeys(("issue", "issue_again", "void"), posts(SVC))),
    "handover": Paper(
        AFTERCARE, add=posts(SVC), export=EXPORT_AFTERCARE, owned=True, decided=True,
        steps={**chain("handover_refusal", posts(SVC), "refuse"),
               **dict.fromkeys(("notify", "sign_for", "book", "book_again", "inspect", "rectify", "inspect_again", "document", "settle", "give_keys",
                                "receive", "deem", "keys_later", "void"), posts(SVC))},
    ),
    "handover-defect": Paper(
        AFTERCARE, add=posts(SVC), export=EXPORT_AFTERCARE, owned=True,
        steps=dict.fromkeys(("assign", "fix", "pass_check", "send_back", "drop"), posts(SVC)),
    ),
    "late-batch": Paper(
        AFTERCARE - {CON}, add=posts(SVC), export=EXPORT_AFTERCARE, decided=True,
        steps={**chain("late_batch", posts(SVC)), **dict.fromkeys(("recount", "void"), posts(SVC))},
    ),
    "late-home": Paper(
        AFTERCARE, export=EXPORT_AFTERCARE, owned=True, steps=dict.fromkeys(("set_aside", "count_in"), posts(SVC)),
    ),
    "deed-batch": Paper(AFTERCARE, add=posts(CO),
                        steps=dict.fromkeys(("open_deeds", "submit", "issue", "void"), posts(CO))),
    # 客户投诉 内部投诉 建议 突发事件 纠纷 整改
    "complaint": Paper(
        COMPLAINTS, add=TAKERS, export=posts(EXPORT, SVC), owned=True, decided=True, whole=COMPLAINTS - {CON, CLK},
        steps={**chain("complaint", SOLVERS, "report"), **dict.fromkeys(("grade", "raise_up", "handle", "void"), SOLVERS),
               **dict.fromkeys(("first_reply", "answer", "close", "reopen"), ANSWERERS)},
    ),
    "internal-complaint": Paper(
        AGENCY, add=STAFF, export=INTERNAL, owned=True, decided=True, whole=posts(INTERNAL, AUD),
        steps={**chain("internal_complaint", INTERNAL, "report"), **dict.fromkeys(("first_reply", "settle"), INTERNAL),
               **dict.fromkeys(("close", "reopen", "withdraw"), STAFF)},
    ),
    "suggestion": Paper(
        AGENCY, add=ON_SITE, export=CHAIN, owned=True, decided=True, whole=posts(CHAIN, AUD),
        steps={**chain("suggestion", SOLVERS, "report"), "handle": SOLVERS, "answer": ON_SITE, "void": ON_SITE},
    ),
    **{
        name: Paper(
            AGENCY, add=ON_SITE, export=CHAIN, owned=True, decided=True, whole=posts(CHAIN, AUD),
            steps={**chain(name, SOLVERS, "report"), **EVENTS},
        )
        for name in ("incident", "dispute")
    },
    "corrective-action": Paper(
        AGENCY, add=SOLVERS, export=CHAIN, owned=True, whole=posts(CHAIN, AUD),
        steps={"finish": STAFF, **dict.fromkeys(("pass_check", "send_back", "void"), SOLVERS)},
    ),
    # 接待评价 服务检查 神秘客
    "service-rating": Paper(RATED, export=CHAIN, owned=True),
    "service-check": Paper(RATED, add=CHECKERS, export=CHAIN, owned=True, steps={**SHEETS, **dict.fromkeys(("issue", "void"), CHECKERS)}),
    "mystery-visit": Paper(
        RATED, add=posts(CHECKERS, HQ), export=CHAIN, owned=True, steps={**SHEETS, **dict.fromkeys(("issue", "void"), posts(CHECKERS, HQ))}
    ),
    "rating-desk": Paper(CHAIN, add=CHECKERS, steps=dict.fromkeys(("renew", "close", "open"), CHECKERS)),
    "title-deed": Paper(
        AFTERCARE, add=posts(CO), export=EXPORT_AFTERCARE, owned=True,
        steps=dict.fromkeys(("register_first", "receive_rest", "papers_complete", "pay_taxes", "submit", "send_back", "issue", "collect",
                             "void"), posts(CO)),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A page of its own. of: the paper whose row its number names; owned as the paper; anyone: also without an account."""

    who: Posts
    methods: tuple[str, ...] = ("GET",)
    of: str = ""
    anyone: bool = False
    pk: str = "pk"
    fill: dict[str, str] = field(default_factory=dict)


BOTH = ("GET", "POST")
PAGES: dict[str, Page] = {
    "/": Page(ALL),
    "/back": Page(ALL),
    "/healthz": Page(ALL, anyone=True),
    "/lang/<string:locale>": Page(ALL, anyone=True, fill={"locale": "zh"}),
    "/login/": Page(ALL, BOTH, anyone=True),
    "/logout/": Page(ALL, BOTH),
    "/static/<path:filename>": Page(ALL, anyone=True, fill={"filename": "anchang.css"}),
    "/static/appbuilder/<path:filename>": Page(ALL, anyone=True, fill={"filename": "favicon.ico"}),
    "/password": Page(ALL, BOTH),
    "/profile": Page(ALL),
    "/profile/others": Page(ALL, ("POST",)),
    "/project": Page(ALL, ("POST",)),
    "/language": Page(ALL, ("POST",)),
    "/search": Page(ALL),
    "/notices": Page(ALL),
    "/notices/read": Page(ALL, ("POST",)),
    "/notices/<int:notice_id>": Page(ALL, BOTH, of="notice", pk="notice_id"),
    "/notices/settings": Page(ALL, BOTH),
    "/notices/settings/test": Page(ALL, ("POST",)),
    "/notice-channels": Page(posts(ADMIN)),  # 07 §7.1: mail and webhook settings are the administrator's
    "/notice-channels/log": Page(posts(ADMIN)),
    "/notice-channels/log/<int:delivery_id>/again": Page(posts(ADMIN), ("POST",), of="delivery", pk="delivery_id"),
    "/notice-channels/robots/add": Page(posts(ADMIN), BOTH),
    "/notice-channels/robots/<int:robot_id>": Page(posts(ADMIN), BOTH, of="group_robot", pk="robot_id"),
    **{
        f"/notice-channels/robots/<int:robot_id>/{verb}": Page(posts(ADMIN), ("POST",), of="group_robot", pk="robot_id")
        for verb in ("test", "switch", "remove")
    },
    # every paper that comes from tables has these pages; who may is said by its view (tests/test_imports.py walks all)
    "/import/<paper>": Page(posts(CLK, SUP), BOTH, fill={"paper": "customer"}),
    "/import/<paper>/template": Page(posts(CLK, SUP), fill={"paper": "customer"}),
    "/import/<paper>/<token>/columns": Page(posts(CLK, SUP), BOTH, fill={"paper": "customer", "token": "0" * 32}),
    "/import/<paper>/<token>/preview": Page(posts(CLK, SUP), BOTH, fill={"paper": "customer", "token": "0" * 32}),
    "/import/<paper>/<token>/report": Page(posts(CLK, SUP), fill={"paper": "customer", "token": "0" * 32}),
    "/import/<paper>/done/<int:run_id>": Page(
        posts(CLK, SUP), of="import-run", pk="run_id", fill={"paper": "customer"}
    ),
    "/list-settings/<screen>/filter": Page(CUSTOMERS, ("POST",), fill={"screen": "customer"}),
    "/list-settings/<screen>/columns": Page(CUSTOMERS, ("POST",), fill={"screen": "customer"}),
    "/list-settings/<int:pk>/rename": Page(ALL, ("POST",), of="list_setting"),
    "/list-settings/<int:pk>/delete": Page(ALL, ("POST",), of="list_setting"),
    "/tasks": Page(ALL),
    "/tasks/progress": Page(ALL),
    "/tasks/<int:task_id>/file": Page(ALL, of="task", pk="task_id"),
    "/approvals": Page(BUSINESS),
    "/approvals/<int:request_id>": Page(BUSINESS, BOTH, of="approval_request", pk="request_id"),
    "/approvals/<int:request_id>/check": Page(BUSINESS, BOTH, of="approval_request", pk="request_id"),
    "/approvals/<int:request_id>/record": Page(BUSINESS, BOTH, of="approval_request", pk="request_id"),
    "/approval-rules": Page(posts(SM, PM, HQ, GM, JFL, AUD)),
    "/approval-rules/<code>": Page(posts(SM, PM, HQ, GM, JFL, AUD), fill={"code": "reservation"}),
    "/approval-rules/<code>/revise": Page(posts(HQ), BOTH, fill={"code": "reservation"}),
    "/archive/": Page(posts(DEALS, AGENCY)),
    "/folder/take/<int:pk>/<int:file_id>": Page(FILERS, BOTH, of="folder", fill={"file_id": "1"}),
    # whoever reads the record prints it; the auditor prints nothing (07 §7.1)
    "/print/<key>/<int:record_id>": Page(WORKERS, BOTH, of="reservation", pk="record_id", fill={"key": "reservation"}),
    "/paper-template/upload/<int:pk>": Page(posts(CLK, CO, SUP), BOTH, of="paper-template"),
    "/paper-template/preview/<int:pk>": Page(AGENCY, of="paper-template"),
    "/paper-template/kinds": Page(AGENCY),
    **{
        f"/paper-template/{part}/<key>": Page(AGENCY, fill={"key": "reservation"})
        for part in ("words", "shipped", "sample")
    },
    "/paper-kind/usual": Page(posts(CLK, HQ), ("POST",)),
    "/parameters/": Page(posts(HQ, GM, AUD)),
    "/calendar-day/seed": Page(posts(ADMIN), ("POST",)),
    "/accounts/open/<int:pk>": Page(posts(ADMIN), BOTH, of="person"),
    "/accounts/reset/<int:pk>": Page(posts(ADMIN), ("POST",), of="person"),
    "/files/<int:file_id>": Page(ALL, of="attachment", pk="file_id"),
    **{f"/files/<int:file_id>/{part}": Page(ALL, of="attachment", pk="file_id") for part in ("view", "thumb")},
    "/files/<int:file_id>/page/<int:number>": Page(ALL, of="attachment", pk="file_id", fill={"number": "1"}),
    # what a machine read is confirmed by whoever may add files
    "/files/<int:file_id>/text": Page(WORKERS, BOTH, of="attachment", pk="file_id"),
    "/files/<int:file_id>/recognise": Page(WORKERS, ("POST",), of="attachment", pk="file_id"),
    "/files/<int:file_id>/remove": Page(ALL, ("POST",), of="attachment", pk="file_id"),
    "/files/<table>/<int:owner_id>": Page(ALL, BOTH, of="reservation", pk="owner_id", fill={"table": "reservation"}),
    "/reveal/<table>/<int:record_id>/<field>": Page(
        ALL, BOTH, of="customer", pk="record_id", fill={"table": "customer", "field": "id_number"}
    ),
    "/supply-check/whole": Page(KEEP, ("POST",)),
    "/supply-purchase/from-minima": Page(KEEP, ("POST",)),
    "/agency-expense/budget": Page(STAFF),
    "/developer-expense/budget": Page(posts(SUP, MKT)),
    "/receivable-report/": Page(MONEY),
    "/reconciliation/": Page(BILLS),
    "/reconciliation/run": Page(posts(FIN_D), ("POST",)),
    "/voucher-export/": Page(LEDGER),
    "/voucher-export/sheet": Page(posts(FIN_A, FIN_D, JFL)),
    "/receivable-report/export": Page(EXPORT_MONEY),
    "/statistics-report-sheet/<int:pk>": Page(posts(CHAIN, JFM), of="statistics-report"),
    "/complaint-report/": Page(posts(CHAIN, AUD)),
    "/complaint-report/export": Page(CHAIN),
    "/service-league/": Page(RATED),
    "/service-league/export": Page(CHAIN),
    "/rate/<token>": Page(
        ALL, BOTH, anyone=True, fill={"token": "x"}
    ),  # a visitor's page; without a pass one plain answer
    "/rate/done": Page(ALL, anyone=True),
    "/office-trend/": Page(posts(OFFICE, JFM, FIN_D, JFL)),
    "/office-trend/export": Page(posts(EXPORT_OFFICE, JFM, FIN_D, JFL)),
    "/loan-calculator/": Page(BUSINESS, BOTH),
    "/board": Page(BUSINESS),
    "/board/cells": Page(BUSINESS),
    "/board/unit/<int:unit_id>": Page(BUSINESS, of="unit*", pk="unit_id"),
    "/order-discounts/<int:order_id>": Page(ORDERERS, BOTH, of="reservation", pk="order_id"),
    "/order-lines/<int:order_id>": Page(ORDERERS, BOTH, of="reservation", pk="order_id"),
    "/lock/<int:unit_id>": Page(ORDERERS, BOTH, of="unit*", pk="unit_id"),
    "/unit-forms/facts": Page(posts(CLK, HQ), BOTH),
    "/unit-forms/generate": Page(posts(CLK, HQ), BOTH),
    "/unit-import": Page(posts(CLK, HQ), BOTH),
    "/unit-import/template": Page(posts(CLK, HQ)),
    "/unit-import/<token>/columns": Page(posts(CLK, HQ), BOTH, fill={"token": "0" * 32}),
    "/unit-import/<token>/errors": Page(posts(CLK, HQ), fill={"token": "0" * 32}),
    "/unit-import/<token>/preview": Page(posts(CLK, HQ), BOTH, fill={"token": "0" * 32}),
    "/price-list/compare/<int:pk>": Page(PRICES, of="price-list"),
    "/price-list/compare/<int:pk>/export": Page(FLOOR, of="price-list"),
    "/price-list/grid/<int:pk>": Page(posts(HQ, SM), BOTH, of="price-list"),
    "/price-list/upload/<int:pk>": Page(posts(HQ, SM), BOTH, of="price-list"),
    "/price-list/upload/<int:pk>/template": Page(posts(HQ, SM), of="price-list"),
    "/price-list/upload/<int:pk>/<token>/columns": Page(posts(HQ, SM), BOTH, of="price-list", fill={"token": "0" * 32}),
    "/price-list/upload/<int:pk>/<token>/preview": Page(posts(HQ, SM), BOTH, of="price-list", fill={"token": "0" * 32}),
    "/price-list/upload/<int:pk>/<token>/report": Page(posts(HQ, SM), of="price-list", fill={"token": "0" * 32}),
    "/audit-trail/": Page(posts(AUD)),
    "/audit-trail/export": Page(posts(AUD)),
    "/data-reads/": Page(posts(AUD, HQ)),
    "/data-reads/export": Page(posts(AUD, HQ)),
    "/follow-desk/": Page(CUSTOMERS - {CLK, CH, AUD}),
    "/follow-desk/<int:pk>": Page(FOLLOWERS, ("POST",), of="customer"),
    "/customer-timeline/<int:pk>": Page(CUSTOMERS, of="customer"),
    "/customer-insight/": Page(CUSTOMERS - {CLK, CH}),
    "/customer-insight/<int:pk>": Page(CUSTOMERS - {CLK, CH}, of="customer"),
    "/customer-statistics/": Page(CUSTOMERS - {CH}),
    "/customer-statistics/export": Page(EXPORT),
    "/reception/": Page(DESK, BOTH),
    "/reception/phone": Page(DESK, ("POST",)),
    "/reception/find": Page(DESK, ("POST",)),
    "/reception/history/<int:pk>": Page(DESK, of="customer"),
    "/rotation/": Page(ROTATION),
    **{f"/rotation/{verb}": Page(DESK, ("POST",)) for verb in ("assign", "presence", "undo")},
    "/rotation/forfeit": Page(posts(SUP), ("POST",)),
    "/rotation/plan": Page(posts(KEEPERS, CLK, AST), ("POST",)),
    "/rotation/report/": Page(ROTATION),
    "/rotation/report/export": Page(EXPORT),
    "/rotation/screen/<token>": Page(ALL, anyone=True, fill={"token": "0"}),
    "/rotation/screen/<token>/line": Page(ALL, anyone=True, fill={"token": "0"}),
    "/reception-place/renew/<int:pk>": Page(KEEPERS, ("POST",), of="reception-place"),
}

GENERIC: dict[str, tuple[str, ...]] = {  # what every paper has
    "list/": ("GET",),
    "list/export": BOTH,
    "pick/<name>": ("GET",),
    "add": BOTH,
    "bulk": ("POST",),
    "list/bulk": ("POST",),
    "show/<int:pk>": ("GET",),
    "edit/<int:pk>": BOTH,
    "delete/<int:pk>": ("POST",),
    "step/<name>/<int:pk>": BOTH,
}


def routes() -> dict[str, tuple[str, ...]]:
    """Every address that the policy knows, with its methods."""
    known = {f"/{paper}/{verb}": methods for paper in PAPERS for verb, methods in GENERIC.items()}
    return known | {rule: page.methods for rule, page in PAGES.items()}
