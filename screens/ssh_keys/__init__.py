"""Lists of SSH keys: a colleague's, for administrators, and one's own."""
