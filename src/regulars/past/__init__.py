"""What was: ``undo`` takes deliveries back, ``known`` opens the data as they were known, ``bridge`` says what changed between two states."""
