"""服务检查: the supervisor's daily or weekly check by items, with marks and photos (S3.15)."""
