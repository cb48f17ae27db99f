"""Kit for tests, ours and those of plugin authors."""
