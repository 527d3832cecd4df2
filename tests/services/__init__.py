"""The servers that the tests need, started without root's help and stopped again."""
