"""月结: a month of the book is closed; nothing is dated into it any more unless 甲方负责人 opens it again (issue 5 point 5)."""
