"""The nightly drop: CSV files and a manifest in, checked whole, committed all or nothing."""
