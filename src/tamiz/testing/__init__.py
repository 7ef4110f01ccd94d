"""Makers of tiny images and tables with a known truth, for tests and plug-in authors."""
