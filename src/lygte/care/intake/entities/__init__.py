"""Lists that forms write and read: places, things and cases by code, with versions, and conflicts that people decide."""
