"""People who ask for a human, and the agents who answer."""
