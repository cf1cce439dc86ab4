"""交楼问题: what the buyer found, who mends it until when, and whether it was mended (02 §2.4)."""
