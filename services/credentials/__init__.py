"""What somebody proves who they are with: passwords, codes, questions."""
