"""Small questions and answers above a screen."""
