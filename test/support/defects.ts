/** Small Python projects with unittest tests and known defects: what the scenarios commit. */

export const sound: Record<string, string> = {
  'shop/__init__.py': '',
  'shop/stock.py': '"""Stock."""\n\n\ndef double(amount):\n    return amount * 2\n',
  'tests/__init__.py': '',
  'tests/test_stock.py':
    'import unittest\n\nfrom shop.stock import double\n\n\nclass StockTest(unittest.TestCase):\n    def test_double(self):\n        self.assertEqual(double(2), 4)\n',
};

/** An injection that SecurityGuardian mends, covered by no test. */
export const injection =
  '"""Search."""\n\nimport sqlite3\n\n\ndef find(connection: sqlite3.Connection, name):\n    cursor = connection.cursor()\n    cursor.execute("SELECT amount FROM items WHERE name = \'%s\'" % name)\n    return cursor.fetchone()\n';

/** An unused import that StyleEnforcer removes. */
export const unusedImport =
  '"""Report."""\n\nimport json\nimport os\n\n\ndef report(items):\n    return json.dumps(items)\n';

/** A format string that formats nothing, which StyleEnforcer writes as a text. */
export const idleFormat = '"""Shelf."""\n\n\ndef name():\n    return f"shelf"\n';
