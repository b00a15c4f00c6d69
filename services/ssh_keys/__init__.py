"""SSH public keys that stand for the first step of a sign-in."""
