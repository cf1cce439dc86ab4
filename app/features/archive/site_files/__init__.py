"""现场文件: papers of the site itself, by category and year."""
