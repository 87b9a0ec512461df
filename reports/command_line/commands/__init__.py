"""The commands: one thin function each, which imports what it needs when it is called.

Typer reads the annotations as values: none of these modules defers them.
"""
