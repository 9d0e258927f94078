"""Reading reviews for pages and rules; the number of queries does not depend on the number of rows."""
