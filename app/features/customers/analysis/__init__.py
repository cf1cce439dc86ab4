"""意向客户分析 (S1.3.1): what an A or B customer wants, which flats fit, what he doubts, what the supervisor advises, what comes next."""
