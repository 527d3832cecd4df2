"""What the office sees of itself: what is due, what the rules say, who did what, a year."""
