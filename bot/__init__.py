"""What people see: Slack, the command line and all wording. Composes every other room."""
