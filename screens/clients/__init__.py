"""The Clients part of the desk."""
