"""Files that are copied into an export and run there, without tamiz."""
