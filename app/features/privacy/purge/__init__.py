"""未成交客户资料清理: listed first, confirmed by 销管部, then erased in batches (02 §2.5.8, §2.5.11)."""
