"""Figures, measured the same way each time; `python -m tests.benchmarks` prints them."""
