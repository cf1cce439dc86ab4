"""导入房源: from a price table to units, checked, compared and all or nothing (02 §2.5.12, 04 R10)."""
