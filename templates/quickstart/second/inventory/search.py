"""Finds items by name."""

import json
import os
import sqlite3


def amount_of(connection: sqlite3.Connection, name):
    cursor = connection.cursor()
    cursor.execute("SELECT amount FROM items WHERE name = '%s'" % name)
    row = cursor.fetchone()
    if row == None:
        return 0
    return row[0]


def export(connection):
    return json.dumps(dict(connection.execute("SELECT name, amount FROM items")))
