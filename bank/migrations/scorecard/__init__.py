"""Steps of migration 0005, one module a subject."""
