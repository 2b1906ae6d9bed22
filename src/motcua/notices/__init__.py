"""The room of the notices: what applicants are told by mail, text and chat, and what staff are reminded of."""
