"""移交单: papers that leave the site for good or for long, listed, signed for, printed."""
