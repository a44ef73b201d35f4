"""One file a dialect: wire form to neutral form and back, plain and streamed."""
