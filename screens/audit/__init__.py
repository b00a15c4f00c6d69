"""The Audit tab: what happened in the agency."""
