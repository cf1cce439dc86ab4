"""凭证导出: the postings of a month as files that 金蝶 and 用友 take in, with the site's own account codes (0058)."""
