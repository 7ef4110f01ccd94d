"""What the commands of `lab` are made of, a module per page or part of one."""
