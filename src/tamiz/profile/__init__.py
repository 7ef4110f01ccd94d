"""Facts about tables and images, in numbers and as blocks of a report."""
