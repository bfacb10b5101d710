"""What is said, before anybody knows where: values in, a neutral tree out.

`tree` holds the nodes; `bot/slack/blocks.py` and `bot/terminal.py` draw them.
"""
