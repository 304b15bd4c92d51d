import unittest

from inventory.search import amount_of, export
from inventory.store import connect, put


class SearchTest(unittest.TestCase):
    def setUp(self):
        self.connection = connect()
        put(self.connection, "apple", 3)

    def test_amount_of_a_known_item(self):
        self.assertEqual(amount_of(self.connection, "apple"), 3)

    def test_amount_of_an_unknown_item_is_zero(self):
        self.assertEqual(amount_of(self.connection, "pear"), 0)

    def test_export_is_json(self):
        self.assertEqual(export(self.connection), '{"apple": 3}')
