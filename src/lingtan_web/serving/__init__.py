"""Starting, preparing, backing up and restoring a site."""
