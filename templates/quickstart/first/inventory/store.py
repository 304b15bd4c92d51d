"""Keeps the amount of each item in SQLite."""

import sqlite3


def connect(path=":memory:"):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE IF NOT EXISTS items (name TEXT PRIMARY KEY, amount INTEGER NOT NULL)")
    return connection


def put(connection, name, amount):
    connection.execute("INSERT OR REPLACE INTO items VALUES (?, ?)", (name, amount))
