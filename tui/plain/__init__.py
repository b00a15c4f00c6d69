"""The desk as lines: printed and typed, without a cursor, for screen readers, braille and plain terminals."""
