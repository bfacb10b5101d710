"""What the figures mean: pure arithmetic on frozen values."""
