"""Pages of dossiers: a method, a scope, roles, one service or one query, an answer."""
