"""Mail: written from templates when it is its turn, and carried by one reused connection."""
