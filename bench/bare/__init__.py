"""The peer of bench/intake.py: a signed-in Django view that makes the same inserts and nothing else."""
