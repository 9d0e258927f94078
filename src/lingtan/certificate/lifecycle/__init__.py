"""The life of a certificate: surveillance, cases, suspension, withdrawal, exit, succession (clause 8)."""
