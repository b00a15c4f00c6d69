"""A desk that cannot touch anything real, for training: own folder, own database, own keys, own clock, own post."""
