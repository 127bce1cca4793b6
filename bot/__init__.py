"""Everything between a chat platform and a command."""
