"""Setting up an authenticator app, and the codes that stand in for it."""
