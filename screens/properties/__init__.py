"""What clients own and owe: the list of a client, and its two forms."""
