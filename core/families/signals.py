"""What passes between people about a child. Rooms above listen, in the transaction of the act: families knows none."""

from django.dispatch import Signal

moved = Signal()
"""Sent with `thing`, of the class of the sender (CommonProposal, CustodyException or Mandate), in the state that it has
just entered."""
