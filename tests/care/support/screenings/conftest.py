"""The same people and cases as in the tests of cases."""

from tests.care.support.cases.conftest import _inside, a_case, amina, bogdan, client_of

__all__ = ["_inside", "a_case", "amina", "bogdan", "client_of"]
