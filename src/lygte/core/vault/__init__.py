"""The vault: keys of members, organisations and persons, and the only code that touches a cipher.

From above: a member's passphrase opens the member's key, that opens the organisation's, that opens each person's.
Around every person's key lies a second wrapping under an epoch key, which is never in a database or a backup.
"""
