"""What the lists and forms of clients and office staff share."""
