"""接待评价: what visitors say by a QR page or the kiosk, without an account and without a name (S3.15)."""
