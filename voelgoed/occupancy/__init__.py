"""Who is inside: counters by the minute, and the figure that they come to."""
