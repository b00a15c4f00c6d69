"""The desk behind OpenSSH: how the server is set up and checked, and what it starts for whoever comes in."""
