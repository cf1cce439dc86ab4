"""逾期交付违约金 of a building: listed, checked, decided by 甲方, owed to every buyer at once (02 §2.3.6 L6)."""
