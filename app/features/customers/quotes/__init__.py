"""置业计划: what a flat costs this customer under a 付款方式, on paper to take home."""
