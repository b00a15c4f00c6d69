"""`make shots`: every screen in a real terminal, drawn at 80x24 and 120x40 into shots/; a tool, not a test."""
