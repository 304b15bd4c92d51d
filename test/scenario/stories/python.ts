/** A small shop in Python; a commit with five defects that rules find, and one with five that only a reader finds. */
import type { Fixes } from './answers.ts';

const ORDERS = `"""Orders, kept in SQLite."""

import sqlite3


def open_book(path: str = ":memory:") -> sqlite3.Connection:
    """Opens the book of orders."""
    book = sqlite3.connect(path)
    book.execute("CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, customer TEXT, cents INTEGER)")
    return book


def add_order(book: sqlite3.Connection, customer: str, cents: int) -> int:
    """Writes an order into the book and returns its number."""
    return book.execute("INSERT INTO orders (customer, cents) VALUES (?, ?)", (customer, cents)).lastrowid
`;
const TEST_ORDERS = `import unittest

from shop.orders import add_order, open_book


class OrdersTest(unittest.TestCase):
    def setUp(self):
        self.book = open_book()
        self.addCleanup(self.book.close)

    def test_orders_are_numbered(self):
        self.assertEqual(add_order(self.book, "ann", 500), 1)
        self.assertEqual(add_order(self.book, "bob", 700), 2)
`;

/** What was there before, sound and tested. */
export const base: Record<string, string> = {
  'shop/__init__.py': '',
  'shop/orders.py': ORDERS,
  'tests/__init__.py': '',
  'tests/test_orders.py': TEST_ORDERS,
};

const BLOCK = `    net = 0
    for line in lines:
        if line["count"] < 1:
            raise ValueError(f"nothing of {line['name']}")
        net += line["cents"] * line["count"]
    gross: int = net + net * tax // 100
`;

/** The commit: a search, prices, stock, sizes and a report. */
export const defects: Record<string, string> = {
  'shop/orders.py': `${ORDERS}

def orders_of(book: sqlite3.Connection, customer: str) -> list[int]:
    """Numbers of the orders of a customer."""
    rows = book.execute(f"SELECT id FROM orders WHERE customer = '{customer}' ORDER BY id")
    return [number for (number,) in rows]
`,
  'tests/test_orders.py': `${TEST_ORDERS.replace('add_order, open_book', 'add_order, open_book, orders_of')}
    def test_orders_of_a_customer(self):
        for name in ("ann", "bob", "ann"):
            add_order(self.book, name, 100)
        self.assertEqual(orders_of(self.book, "ann"), [1, 3])
`,
  'shop/prices.py': `"""What an order costs."""


def invoice(lines: list[dict], tax: int) -> dict:
    """An invoice over the lines of an order."""
${BLOCK}    return {"lines": len(lines), "gross": gross}


def quote(lines: list[dict], tax: int, discount: int) -> int:
    """What the lines would cost, less a discount."""
${BLOCK}    return gross - discount
`,
  'tests/test_prices.py': `import unittest

from shop.prices import invoice, quote

LINES = [{"name": "tea", "cents": 450, "count": 2}, {"name": "cup", "cents": 1100, "count": 1}]


class PricesTest(unittest.TestCase):
    def test_invoice(self):
        self.assertEqual(invoice(LINES, 20), {"lines": 2, "gross": 2400})

    def test_quote(self):
        self.assertEqual(quote(LINES, 20, 100), 2300)

    def test_nothing_is_sold(self):
        for price in (lambda lines: invoice(lines, 0), lambda lines: quote(lines, 0, 0)):
            with self.assertRaises(ValueError):
                price([{"name": "tea", "cents": 450, "count": 0}])
`,
  'shop/stock.py': `"""What is in stock."""


def unknown(wanted: list[str], stocked: list[str]) -> list[str]:
    """The wanted names that are not in stock, in any spelling."""
    known = [name.lower() for name in stocked]
    return [name for name in wanted if name.lower() not in known]
`,
  'tests/test_stock.py': `import unittest

from shop.stock import unknown


class StockTest(unittest.TestCase):
    def test_unknown(self):
        self.assertEqual(unknown(["Tea", "mug", "CUP"], ["tea", "Cup"]), ["mug"])
`,
  'shop/sizes.py': `"""Sizes as people write them."""

UNITS = {"kb": 1024, "mb": 1024 * 1024}


def parse_size(text: str) -> int:
    """Bytes of a size such as 10kb."""
    for unit, factor in UNITS.items():
        if text.endswith(unit):
            return int(text[: -len(unit)]) * factor
    return int(text)
`,
  'shop/report.py': `"""What is told at the end of the day."""

import json
import os


def report(totals: dict) -> str:
    """The totals as one line."""
    return json.dumps(totals, sort_keys=True)
`,
  'tests/test_report.py': `import unittest

from shop.report import report


class ReportTest(unittest.TestCase):
    def test_report(self):
        self.assertEqual(report({"b": 2, "a": 1}), '{"a": 1, "b": 2}')
`,
};

const MORE_TESTS = `
    def test_a_customer_cancels(self):
        number = add_order(self.book, "ann", 100)
        self.assertTrue(cancel(self.book, "ann", number))
        self.assertFalse(cancel(self.book, "ann", number))
`;
const CANCEL = `

def cancel(book: sqlite3.Connection, customer: str, number: int) -> bool:
    """Takes back an order of a customer; says whether there was one."""
    done = book.execute("DELETE FROM orders WHERE id = ?", (number,))
    return done.rowcount == 1
`;
const LOYALTY = `"""What customers get for coming back."""


def points(payments: list[int]) -> int:
    """A point for every full hundred cents, over all payments."""
    return sum(payments) // 100


def level(payments: list[int]) -> str:
    """Gold from twenty points on."""
    hundreds = 0
    rest = 0
    for cents in payments:
        rest += cents
        while rest >= 100:
            rest -= 100
            hundreds += 1
    return "gold" if hundreds >= 20 else "plain"
`;
const PAIRS = `"""Finds offers."""


def pairs_for(prices: list[int], budget: int) -> int:
    """How many pairs of articles cost exactly the budget."""
    found = 0
    for at, one in enumerate(prices):
        for other in prices[at + 1 :]:
            if one + other == budget:
                found += 1
    return found
`;
const TERMS = `"""When things are due."""

from datetime import date, timedelta


def due(d: date, n: int) -> date:
    """Returns the next day."""
    x = d + timedelta(days=n)
    while x.weekday() > 4:
        x += timedelta(days=1)
    return x
`;

/** Another commit, in which only somebody who reads what is meant finds anything. */
export const meant: Record<string, string> = {
  'shop/orders.py': ORDERS + CANCEL,
  'tests/test_orders.py': TEST_ORDERS.replace('add_order, open_book', 'add_order, cancel, open_book') + MORE_TESTS,
  'shop/loyalty.py': LOYALTY,
  'shop/offers.py': PAIRS,
  'shop/terms.py': TERMS,
  'tests/test_customers.py': `import unittest
from datetime import date

from shop.loyalty import level, points
from shop.offers import pairs_for
from shop.terms import due


class CustomersTest(unittest.TestCase):
    def test_loyalty(self):
        self.assertEqual(points([1050, 960]), 20)
        self.assertEqual(level([1050, 960]), "gold")
        self.assertEqual(level([1050, 940]), "plain")

    def test_pairs(self):
        self.assertEqual(pairs_for([1, 2, 3, 2, 1], 4), 3)
        self.assertEqual(pairs_for([2, 2, 2], 4), 3)

    def test_due(self):
        self.assertEqual(due(date(2026, 1, 1), 2), date(2026, 1, 5))
        self.assertEqual(due(date(2026, 1, 1), 1), date(2026, 1, 2))
`,
};

/** What a good model says of it. */
export const fixes: Fixes = {
  SecurityGuardian: {
    title: 'Cancel only orders of the customer who asks',
    why: 'CWE-639: whoever knows a number cancels the order of somebody else.',
    path: 'shop/orders.py',
    from: 'WHERE id = ?", (number,))',
    to: 'WHERE id = ? AND customer = ?", (number, customer))',
  },
  RefactorArchitect: {
    title: 'Ask points() for the level',
    why: 'Both count full hundreds over all payments, in two ways that may drift apart.',
    path: 'shop/loyalty.py',
    from: LOYALTY.slice(LOYALTY.indexOf('    hundreds = 0')),
    to: '    return "gold" if points(payments) >= 20 else "plain"\n',
    wrong: '    return "gold" if points(payments) > 20 else "plain"\n',
  },
  StyleEnforcer: {
    title: 'Say what due() returns',
    why: 'The names are single letters, and the description is of something else.',
    path: 'shop/terms.py',
    from: TERMS.slice(TERMS.indexOf('def due')),
    to: `def due(ordered: date, days: int) -> date:
    """The first working day, at least so many days after the order."""
    day = ordered + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
`,
  },
  PerformanceOptimizer: {
    title: 'Count the pairs in one pass',
    why: 'Every price is compared with every other; counting what was seen needs one look at each.',
    path: 'shop/offers.py',
    from: PAIRS.slice(PAIRS.indexOf('    for at, one')),
    to: `    seen: dict[int, int] = {}
    for price in prices:
        found += seen.get(budget - price, 0)
        seen[price] = seen.get(price, 0) + 1
    return found
`,
  },
  TestEnhancer: {
    title: 'Test that other orders stay',
    why: 'Nothing notices when a cancelled order takes others with it.',
    path: 'tests/test_orders.py',
    from: MORE_TESTS,
    to: `${MORE_TESTS}
    def test_other_orders_stay(self):
        numbers = [add_order(self.book, "ann", cents) for cents in (100, 200)]
        cancel(self.book, "ann", numbers[0])
        self.assertTrue(cancel(self.book, "ann", numbers[1]))
`,
  },
};
