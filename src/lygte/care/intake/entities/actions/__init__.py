"""What is done with lists: feeding them from filled forms, and what people decide."""

from .feeding import feed, feed_again, force, published, release, reviewed, stored
from .staff import assign, change_list, decide, delete_entity, export_list, restore_entity, switch

__all__ = [
    "assign",
    "change_list",
    "decide",
    "delete_entity",
    "export_list",
    "feed",
    "feed_again",
    "force",
    "published",
    "release",
    "restore_entity",
    "reviewed",
    "stored",
    "switch",
]
