"""滞纳金减免单: asked on site, decided by 甲方现场负责人, its reason kept (02 §2.3.6)."""
