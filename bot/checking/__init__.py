"""``python -m bot check``: whether everything this bot needs is there, and the cure for what is not.

One module for each thing that is looked at, each returning findings; ``every`` looks at all of them at once.
"""
