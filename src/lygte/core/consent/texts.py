"""What a person is told before they agree, word for word. A version never changes once it was used: a change is a new one."""

VERSION = "2026-11"
