"""Office staff: their list, their file, their changes."""
