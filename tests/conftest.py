"""For every test: how exceptions are shown, and that a busy machine is no failure."""

import hypothesis
import structlog

# With rich installed structlog would draw every frame with all that is in it, for seconds each; the program, whose
# logs are set up in bot/logs.py, never does.
PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], PLAIN])

# How long an example takes is the machine's affair.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")
