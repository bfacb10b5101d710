"""Answers worded by a model, every one of its quotes checked. Its parts load when one is asked."""
