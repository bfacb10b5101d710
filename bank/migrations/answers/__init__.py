"""The steps of revision 0004: what answers leave behind, one file a subject."""
