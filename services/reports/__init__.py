"""Reports: what whoever answers for an agency asks every week, by name."""
