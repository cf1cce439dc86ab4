"""突发事件 and 纠纷: what happened, who was there, what was done at once, what the chain said, what is learnt (S3.9)."""
