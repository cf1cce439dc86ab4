"""面积补差: what the surveyed area changes in the price, decided by 甲方, booked as a receivable or a refund (02 §2.3.7)."""
