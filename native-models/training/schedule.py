"""Trapezoidal learning rate: warm up, hold the peak for as long as one likes, then fall linearly to 2%.

The recipe's cosine has to know its last step at the start. Here the machine's free time was not known, so the
decision to stop is taken late: the end is reached as well as with a cosine of the same length.
"""
# The fall starts at half the peak, from the running mean of the weights, which is already a quieter point.
START, FLOOR = 0.5, 0.02


def rate(step, peak, warmup, anneal_from=None, anneal_steps=0):
    """Learning rate of `step` (0-based)."""
    lr = peak * min(1.0, (step + 1) / warmup)
    if anneal_from is not None:
        done = min(1.0, max(0.0, (step + 1 - anneal_from) / anneal_steps))
        lr *= START + (FLOOR - START) * done
    return lr
