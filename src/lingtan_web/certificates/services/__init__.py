"""What changes certificates and the keys that sign them."""
