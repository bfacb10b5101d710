"""Laws are checked without a stopwatch: how long an example takes says nothing about scoring."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
