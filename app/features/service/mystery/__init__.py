"""神秘客: what a visitor found who came to look, not to buy (S3.15)."""
