"""What this plugin contributes."""
