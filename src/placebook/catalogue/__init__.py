"""Strict records of everything that a person writes, and the only reader of YAML."""
