"""楼栋, 户型, 房源, 推盘批次, 销控指令, 保留, 销控表: the homes, what they cost and who has them."""
