"""The dossier on screen: a working copy that people edit, and versions that never change."""
