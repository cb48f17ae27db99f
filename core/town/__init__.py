"""The town: its places, its services and how to reach them, its calendar."""
