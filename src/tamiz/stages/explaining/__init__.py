"""What `explain` is made of: choosing images, making maps, checking and drawing them."""
