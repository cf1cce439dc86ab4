"""客户投诉: registered, graded, handled, reported up, answered, asked about afterwards — against the clock (S1.5.1, S2.11)."""
