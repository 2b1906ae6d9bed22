"""Starter data of the package: real units, procedures and the calendar, and a demo province with invented people."""
