"""The evidence library: documents once uploaded, used in many places."""
