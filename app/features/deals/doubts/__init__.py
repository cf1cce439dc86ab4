"""疑难单: what keeps a customer from signing or from taking his flat, decided up to 甲方负责人 and answered in time (S1.3)."""
