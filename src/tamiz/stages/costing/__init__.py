"""What `cost` is made of: rates built in, rates measured here, and the sum."""
