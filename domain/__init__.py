"""What may be decided: parties and rights, agreement, communication list and clocks, one folder per quality matter."""
