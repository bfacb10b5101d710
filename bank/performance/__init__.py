"""How every manager performs in a period: facts out of the records, scored, stored and shown."""
