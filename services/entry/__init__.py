"""What follows the right password: codes that are still missing, known places, and the end of a sign-in."""
