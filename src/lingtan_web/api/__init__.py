"""The interface for programs: the same services as the pages, behind tokens with scopes."""
