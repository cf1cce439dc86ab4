"""价目表, 付款方式, 销售方案, 甲方授权: what a flat costs and who may give how much away."""
