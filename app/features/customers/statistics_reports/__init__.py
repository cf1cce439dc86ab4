"""潜客统计上报: the supervisor compiles the figures of a week or month, says what follows from them, and reports them up (S3.5, S3.19)."""
