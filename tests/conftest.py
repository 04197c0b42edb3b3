"""For every test: an exception in the log is shown as Python shows it."""

import structlog

# With rich installed structlog would draw every frame with all that is in it, for seconds each; the program, whose
# logs are set up in bot/logs.py, never does.
PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], PLAIN])
