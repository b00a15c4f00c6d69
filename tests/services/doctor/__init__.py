"""The tests of the doctor, a file for each part of a desk."""
