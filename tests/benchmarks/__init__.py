"""How fast the parser is, beside the bare parse of the same pages and other tools: `python -m tests.benchmarks`."""
