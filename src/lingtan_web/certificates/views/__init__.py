"""Pages of certificates: the public's, the park's, the scheme's."""
