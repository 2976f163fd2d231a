"""The interop tests: real servers, real clients, and what they must see."""
