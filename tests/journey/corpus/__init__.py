"""Files as people's programs write them: `cases()`, each with its expectation."""
