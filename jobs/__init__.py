"""What must happen when: decides reminders, watches risk, delivers once."""
