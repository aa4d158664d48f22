"""The trail: on by default, written by the database, never by hand."""
