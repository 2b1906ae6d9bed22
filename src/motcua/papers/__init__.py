"""Printed papers: forms as plain data, set by Typst to PDF, with a QR code that says nothing about anyone."""
