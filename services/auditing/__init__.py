"""The audit trail: the chain that seals it, its checking, and the ways to look at it and to give it out."""
