"""Making identities, one by one or many at once."""
