"""The words themselves, one folder a version. A folder that was ever in use is never edited: a change is a new folder."""
