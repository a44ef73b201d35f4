"""The ledger: how an exchange that ended is written down, and what is read of it afterwards."""
