"""Real headless Chromium for the journeys."""
