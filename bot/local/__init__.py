"""The chat in the browser on this machine: Kring without a server or an account, with a clock to travel with."""
