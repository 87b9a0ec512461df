"""The words of programs that we use, in the language of our users."""
