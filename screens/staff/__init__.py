"""The Office staff part of the desk."""
