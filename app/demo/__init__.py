"""The demo: a working day of made-up clients, played through the real proxy."""
