"""Processes that have imported everything once, and fork a program for each person or place."""
