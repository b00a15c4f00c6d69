"""The Mail part of the desk."""
