"""The appraisal's course in SQL: its records, what results are made of, and what follows."""
