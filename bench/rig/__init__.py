"""What the benches that cross HTTP share: a throw-away installation, a client that is not the bottleneck, tables."""
