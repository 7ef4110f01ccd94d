"""Ways to show what a network's answer about an image rests on: one file each."""
