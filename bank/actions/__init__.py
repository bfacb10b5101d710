"""What one manager still can do, and where their score is heading: asked when somebody looks.

The stored scorecard is where both start; the records add what is open, what falls due and how the
weeks behind went.
"""

from bank.actions.outlook import Outlook, look_ahead

__all__ = ["Outlook", "look_ahead"]
