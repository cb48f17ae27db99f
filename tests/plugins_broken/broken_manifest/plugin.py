"""A description that is not a manifest."""

plugin = {"slug": "broken_manifest", "name": "Manifeste"}
