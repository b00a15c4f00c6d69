"""The locked program of a kiosk: one process that owns the terminal, and one more for each person."""
