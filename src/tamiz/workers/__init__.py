"""Where work on many items is done: here, in processes, or on a cluster; one interface."""
