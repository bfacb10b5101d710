"""A stand-in for Slack on one machine: the protocols an app speaks, and a page for the people.

It knows only what Slack would know. An app reaches it by `base_url` alone.
"""
