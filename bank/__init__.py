"""What the bank knows: every table and every query."""
