"""Answers of the mobile JSON API."""
