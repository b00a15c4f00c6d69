"""Reports: which there are, and one of them as a long table."""
