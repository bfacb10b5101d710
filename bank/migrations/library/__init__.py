"""The steps of revision 0003: what the library of policies needs, one file a subject."""
