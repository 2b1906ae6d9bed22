"""The real web server on a free port, for journeys and everything else that must cross HTTP."""
