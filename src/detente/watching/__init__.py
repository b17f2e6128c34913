"""Sources looked at again and again, and what is new there added to a record, for weeks and unattended."""

from detente.watching.status import Status
from detente.watching.watch import Watch

__all__ = ["Status", "Watch"]
