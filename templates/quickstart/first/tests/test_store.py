import unittest

from inventory.store import connect, put


class StoreTest(unittest.TestCase):
    def test_put_twice_keeps_one_row(self):
        connection = connect()
        put(connection, "apple", 1)
        put(connection, "apple", 2)
        self.assertEqual(connection.execute("SELECT amount FROM items").fetchall(), [(2,)])
