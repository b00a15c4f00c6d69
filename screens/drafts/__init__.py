"""What was being typed when a line dropped: kept while one types, and offered again."""
