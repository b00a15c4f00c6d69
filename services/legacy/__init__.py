"""The old system: its accounts, the door by access key, and the way over."""
