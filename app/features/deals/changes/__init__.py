"""变更申请: 退订, 挞定 and 退房 — approve and execute are different acts, each with its day and person (02 §2.2.3)."""
