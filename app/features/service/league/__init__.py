"""服务排名: ratings, check marks, mystery visits and complaints beside each other, by consultant and month (S3.15)."""
