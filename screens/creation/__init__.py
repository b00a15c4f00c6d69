"""Making identities on screen, one by one or many at once."""
