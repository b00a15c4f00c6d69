"""What stands before the desk: setting up, signing in, coming back by a link or code."""
