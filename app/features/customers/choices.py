"""The closed lists of customers, visits and follow-ups (02 §2.4, §2.5.3)."""

from __future__ import annotations

from app.kernel.states import Choice, State


class CustomerState(State):
    """How far a customer has come; deals moves him on by internal steps."""

    NEW = ("new", "新客户", "info")
    FOLLOWING = ("following", "跟进中", "info")
    QUEUED = ("queued", "已认筹", "cyan")
    RESERVED = ("reserved", "已认购", "plum")
    SIGNED = ("signed", "已签约", "ok")
    LOST = ("lost", "已流失", "mute")
    POOL = ("pool", "公海", "warn")


class Grade(Choice):
    """意向等级: how near a customer is to buying (02 §2.5.3)."""

    A = ("a", "A", "bad")
    B = ("b", "B", "warn")
    C = ("c", "C", "info")
    D = ("d", "D", "mute")


class ContactKind(Choice):
    """来电 or 来访, and whether he was here before."""

    CALL = ("call", "来电", "info")
    FIRST_VISIT = ("first_visit", "首访", "ok")
    REVISIT = ("revisit", "复访", "cyan")


class Source(Choice):
    """认知途径: where he heard of the site. The first one is never overwritten (02 §2.3.9)."""

    PASSING = ("passing", "路过")
    REFERRAL = ("referral", "老带新")
    CHANNEL = ("channel", "渠道中介")
    OUTDOOR = ("outdoor", "户外广告")
    NETWORK = ("network", "网络媒体")
    SHORT_VIDEO = ("short_video", "短视频")
    WECHAT = ("wechat", "微信朋友圈")
    PRESS = ("press", "报纸电台")
    EVENT = ("event", "现场活动")
    LEAFLET = ("leaflet", "派单")
    CALLING = ("calling", "电话邀约")
    FRIEND = ("friend", "朋友介绍")
    OTHER = ("other", "其他")


class FollowMethod(Choice):
    """跟进方式."""

    PHONE = ("phone", "电话")
    WECHAT = ("wechat", "微信")
    MEETING = ("meeting", "面谈")
    SHOWING = ("showing", "带看")


class FollowResult(Choice):
    """What came of an attempt; 停机 and 无人接 are no valid follow-up."""

    REACHED = ("reached", "有效沟通", "ok")
    NO_ANSWER = ("no_answer", "无人接听", "warn")
    REFUSED = ("refused", "拒接", "warn")
    OUT_OF_SERVICE = ("out_of_service", "停机或空号", "bad")


class NoPhoneReason(Choice):
    """Why a visitor left no phone number (未留电)."""

    UNWILLING = ("unwilling", "不愿留电")
    JUST_LOOKING = ("just_looking", "随便看看")
    SAME_TRADE = ("same_trade", "同行市调")
    COMPANION = ("companion", "陪同来访")
    BUSY = ("busy", "接待不及")
    OTHER = ("other", "其他")


class Outcome(Choice):
    """What the call or visit ended with."""

    INTERESTED = ("interested", "有意向")
    THINKING = ("thinking", "再考虑")
    APPOINTED = ("appointed", "已约复访")
    RESERVED = ("reserved", "现场认购")
    NOT_FITTING = ("not_fitting", "产品不合")
    NO_INTENT = ("no_intent", "无意向")


class Transport(Choice):
    """How he came."""

    CAR = ("car", "自驾")
    METRO = ("metro", "地铁")
    BUS = ("bus", "公交")
    TAXI = ("taxi", "出租或网约车")
    WALK = ("walk", "步行")
    COACH = ("coach", "看房班车")


class LostReason(Choice):
    """流失原因."""

    BOUGHT_ELSEWHERE = ("bought_elsewhere", "已购他盘")
    PRICE = ("price", "价格超出预算")
    PRODUCT = ("product", "户型或面积不合")
    LOCATION = ("location", "区位配套不合")
    LOAN = ("loan", "贷款或资格受限")
    CANCELLED = ("cancelled", "暂停购房计划")
    UNREACHABLE = ("unreachable", "长期联系不上")
    OTHER = ("other", "其他")


class Gender(Choice):
    """性别."""

    MALE = ("male", "男")
    FEMALE = ("female", "女")


class AgeBand(Choice):
    """年龄段."""

    UNDER_26 = ("under_26", "25 岁及以下")
    TO_30 = ("to_30", "26–30 岁")
    TO_35 = ("to_35", "31–35 岁")
    TO_40 = ("to_40", "36–40 岁")
    TO_50 = ("to_50", "41–50 岁")
    TO_60 = ("to_60", "51–60 岁")
    OVER_60 = ("over_60", "60 岁以上")


class PartyKind(Choice):
    """A person or a company."""

    PERSON = ("person", "个人")
    COMPANY = ("company", "公司")


class IdKind(Choice):
    """证件类型."""

    ID_CARD = ("id_card", "身份证")
    OFFICER = ("officer", "军官证")
    PASSPORT = ("passport", "护照")
    HK_MACAO_TAIWAN = ("hk_macao_taiwan", "港澳台通行证")
    LICENCE = ("licence", "营业执照")
    OTHER = ("other", "其他证件")


class Register(Choice):
    """户籍."""

    LOCAL = ("local", "本市")
    PROVINCE = ("province", "本省外市")
    COUNTRY = ("country", "外省")
    ABROAD = ("abroad", "港澳台及境外")


class Eligibility(Choice):
    """购房资格."""

    UNCHECKED = ("unchecked", "未查", "mute")
    FIT = ("fit", "符合", "ok")
    UNFIT = ("unfit", "不符", "bad")


class Marital(Choice):
    """婚姻."""

    SINGLE = ("single", "未婚")
    MARRIED = ("married", "已婚")
    DIVORCED = ("divorced", "离异")
    WIDOWED = ("widowed", "丧偶")


class Family(Choice):
    """家庭结构."""

    ALONE = ("alone", "单身")
    COUPLE = ("couple", "两口之家")
    ONE_CHILD = ("one_child", "三口之家")
    TWO_CHILDREN = ("two_children", "二孩及以上")
    THREE_GENERATIONS = ("three_generations", "三代同堂")


class Housing(Choice):
    """居住状况."""

    OWN = ("own", "自有住房")
    RENTED = ("rented", "租房")
    PARENTS = ("parents", "与父母同住")
    DORMITORY = ("dormitory", "单位宿舍")


class Purpose(Choice):
    """购房用途."""

    FIRST_HOME = ("first_home", "自住首次")
    UPGRADE = ("upgrade", "改善")
    INVESTMENT = ("investment", "投资")
    WEDDING = ("wedding", "婚房")
    PARENTS = ("parents", "养老")
    SCHOOL = ("school", "读书")
    OTHER = ("other", "其他")


class AreaBand(Choice):
    """意向面积段."""

    UNDER_80 = ("under_80", "80 ㎡ 以下")
    TO_100 = ("to_100", "80–100 ㎡")
    TO_120 = ("to_120", "100–120 ㎡")
    TO_144 = ("to_144", "120–144 ㎡")
    OVER_144 = ("over_144", "144 ㎡ 以上")


class TotalBand(Choice):
    """意向总价段."""

    UNDER_80 = ("under_80", "80 万以下")
    TO_100 = ("to_100", "80–100 万")
    TO_120 = ("to_120", "100–120 万")
    TO_150 = ("to_150", "120–150 万")
    TO_200 = ("to_200", "150–200 万")
    OVER_200 = ("over_200", "200 万以上")


class ConsentChannel(Choice):
    """How the customer agreed to the keeping of his data (02 §2.5.11)."""

    PAPER = ("paper", "纸质签字")
    PHONE = ("phone", "手机短信确认")
    SITE_SCREEN = ("site_screen", "现场屏幕确认")
