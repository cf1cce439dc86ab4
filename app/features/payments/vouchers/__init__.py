"""凭证导出: the postings of a month in the layout that 金蝶 or 用友 takes in, with the site's own account codes."""
