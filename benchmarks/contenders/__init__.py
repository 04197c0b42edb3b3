"""One module for each contender. Each has `contender(setup)`, and needs nothing but what it measures.

They run in processes of their own (`benchmarks/worker.py`), the peers in a virtual environment of their own.
"""
