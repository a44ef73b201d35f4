"""Values in, score out: how complex a request is, and why. No I/O of any kind."""
