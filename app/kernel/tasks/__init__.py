"""后台任务: work that takes longer than a page may — asked for in a transaction, done by the worker, told when it is done."""
