"""催款函 and 解除通知函: drafted from the overdue rows, reviewed, sent with an express number, signed for (02 §2.2.1, S3.23)."""
