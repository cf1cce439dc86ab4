"""认筹, 特殊折扣, 认购, 合同, 变更, 按揭: how a customer takes a flat, from the first wish to the signed contract."""
