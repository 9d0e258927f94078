"""The cockpit: results of a dossier, why they are so, and what to do next."""
