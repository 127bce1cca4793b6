"""Intervision in the chat: starting a session, carrying out what its rules say, and telling it to the room and to people alone."""
