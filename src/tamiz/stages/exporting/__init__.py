"""What stands between a network and an exported file: answers compared, eight bits."""
