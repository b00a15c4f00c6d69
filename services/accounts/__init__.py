"""What is done with an account, and what its owner still owes."""
