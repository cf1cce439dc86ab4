"""制度文件: how the site works, version by version: opinions asked, studied, in force, read by everybody (S2.9)."""
