"""Pages of reviews: method, login, access, one service, answer."""
