"""The tables of the desk: columns, constraints and migrations; no rules live here."""
