"""One file or folder a dialect: wire form to neutral form and back, plain and streamed."""
