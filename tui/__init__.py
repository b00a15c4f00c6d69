"""What makes it an application: command line, terminal handling, the app itself."""
