"""The numbers of a client and of the agency, as plots and as tables."""
