"""The nightly drop: CSV files and a manifest in, checked whole, committed all or nothing."""

from bank.importing.drop import FileReport, ImportReport, import_drop
from bank.importing.problems import Problem

__all__ = ["FileReport", "ImportReport", "Problem", "import_drop"]
