"""Practice: made-up callers with made-up trouble, and a score for how each was helped."""
