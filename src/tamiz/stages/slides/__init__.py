"""What stages do with whole slides in place of images."""
