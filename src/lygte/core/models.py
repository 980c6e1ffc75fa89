"""The tables of the ground floor, each kept in the file named for it."""

from .audit import AuditEntry, AuditHead
from .organisations import Kind, Organisation
from .people import Invitation, Member, PasswordLink, Role, User
from .schedule import ScheduledJob

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Invitation",
    "Kind",
    "Member",
    "Organisation",
    "PasswordLink",
    "Role",
    "ScheduledJob",
    "User",
]
