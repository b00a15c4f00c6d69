"""Settings: what somebody chooses about the own account, and administrators about the agency."""
