"""销控指令: orders of the project office that every consultant acknowledges (签收)."""
