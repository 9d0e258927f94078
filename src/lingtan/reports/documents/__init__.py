"""What each document says, built out of results."""
