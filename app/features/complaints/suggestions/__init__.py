"""建议: what customers and staff propose, sorted and reported within three days, handled and answered (S3.7)."""
