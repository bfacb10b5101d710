"""The Slack edge: the only place that knows Slack's libraries, events and blocks."""
