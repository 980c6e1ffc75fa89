"""English as it is written in Europe: day first, 24 hours, the week starts on Monday."""
