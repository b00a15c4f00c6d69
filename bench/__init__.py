"""The promised numbers, measured as ratios in one run; `make bench` prints them."""
