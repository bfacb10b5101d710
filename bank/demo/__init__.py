"""A synthetic branch of a fictional bank, written as a drop and read back by the real import."""

from bank.demo.branch import write_drop

__all__ = ["write_drop"]
