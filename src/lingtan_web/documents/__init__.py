"""Documents of a calculation: made in the background, kept in the store, handed out safely."""
