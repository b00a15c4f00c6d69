"""What a walk-up person sees: one question per screen, and nothing else."""
