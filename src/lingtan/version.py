"""The version of the software that every result names."""

VERSION = "0.1.0"
