"""How is the rotation shown? The desk, the big screen, the fairness report, the lists."""
