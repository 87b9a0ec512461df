"""The command line as people use it: options, what was asked, what is told."""
