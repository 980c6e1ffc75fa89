"""The listener to the log hears a secret that is logged, also inside an error, and keeps only where it was."""

import logging

from tests.secrets_in_logs import Listener

SECRET = "four unrelated quiet words"


def test_a_logged_secret_is_heard_and_not_repeated() -> None:
    listener = Listener()
    logger = logging.Logger("planted", level=logging.DEBUG)
    logger.addHandler(listener)
    logger.debug("all is well")
    logger.debug("password %s", SECRET)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logger.exception("could not")
    assert listener.lines == 3 and len(listener.found) == 2
    assert SECRET not in "".join(listener.found)
