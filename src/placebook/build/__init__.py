"""The course of a build."""
