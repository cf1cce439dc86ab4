"""Which topic a customer's words are about: plain words, so that everybody sees why an answer is offered."""

from __future__ import annotations

from app.features.customers.scripts.models import Topic

WORDS: dict[Topic, set[str]] = {
    Topic.PRICE: {"价", "贵", "优惠", "折扣", "便宜", "预算"},
    Topic.LOAN: {"首付", "贷款", "月供", "利率", "按揭", "公积金", "资格"},
    Topic.DELIVERY: {"交付", "交房", "工期", "烂尾", "停工", "延期"},
    Topic.PRODUCT: {"户型", "楼间距", "采光", "得房", "质量", "装修", "朝向", "楼层", "公摊", "噪音"},
    Topic.LOCATION: {"配套", "地铁", "位置", "偏远", "交通", "商业", "医院", "区位", "太远"},
    Topic.SCHOOL: {"学区", "学校", "上学", "读书", "入学"},
    Topic.RIVAL: {"隔壁", "比较", "对比", "楼盘", "他盘", "竞品", "二手"},
    Topic.PROPERTY: {"物业", "产权", "车位", "停车", "维修基金", "不动产"},
    Topic.TIMING: {"等", "观望", "再看", "跌", "涨", "不急", "过段"},
}


def topics_of(*texts: str | None) -> list[Topic]:
    """The topics whose words stand in the texts, those with more of them first; none for words that we do not know."""
    text = " ".join(part for part in texts if part)
    hits = {topic: sum(word in text for word in words) for topic, words in WORDS.items()}
    return sorted((topic for topic, n in hits.items() if n), key=lambda topic: -hits[topic])
