"""小订单: a small refundable (or, as printed, not refundable) sum keeps a locked flat for some days (02 §2.2.1)."""
