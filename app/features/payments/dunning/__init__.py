"""催款: who was asked when, what he promised, what he kept; the day rules that say whom to ask today (S3.23)."""
