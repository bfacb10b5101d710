"""The steps of revision 0002: from the first day's tables to all of the bank's records."""
