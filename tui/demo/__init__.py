"""Training: the whole life of an account on a stage that cannot touch anything real."""
