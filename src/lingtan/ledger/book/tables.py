"""The tables of the book: append only, each entry chained to the one before."""

from __future__ import annotations

FORMAT = "1"
_KEPT = ("book", "entries", "instruments", "moves")


def _refusals(table: str) -> list[str]:
    """Triggers that refuse to change or remove a row; REPLACE removes without asking a DELETE trigger."""
    key = {"book": "key", "moves": "(entry, place)"}.get(table, "number")
    new = {"book": "NEW.key", "moves": "(NEW.entry, NEW.place)"}.get(table, "NEW.number")
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'the book is append only'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'the book is append only'); END",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"
        f" WHEN EXISTS(SELECT 1 FROM {table} WHERE {key} = {new})"
        f" BEGIN SELECT RAISE(ABORT, 'the book is append only'); END",
    ]


SCHEMA: tuple[str, ...] = (
    "CREATE TABLE book(key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE entries(number INTEGER PRIMARY KEY, action TEXT NOT NULL, park TEXT NOT NULL,
  year INTEGER, who TEXT NOT NULL CHECK(trim(who) != ''), when_ TEXT NOT NULL,
  why TEXT NOT NULL CHECK(trim(why) != ''),
  on_ TEXT NOT NULL, voucher TEXT NOT NULL, reverses INTEGER UNIQUE REFERENCES entries(number),
  request TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE)""",
    "CREATE UNIQUE INDEX entries_voucher ON entries(voucher) WHERE voucher != ''",
    "CREATE INDEX entries_year ON entries(park, year, action)",
    """CREATE TABLE instruments(number INTEGER PRIMARY KEY REFERENCES entries(number), key TEXT NOT NULL,
  register TEXT NOT NULL, id TEXT NOT NULL, park TEXT NOT NULL, unit TEXT NOT NULL,
  count INTEGER NOT NULL CHECK(count > 0), registry TEXT NOT NULL, prefix TEXT NOT NULL,
  first TEXT NOT NULL, last TEXT NOT NULL, digits INTEGER NOT NULL, project TEXT NOT NULL,
  month_from INTEGER NOT NULL, month_to INTEGER NOT NULL, first_year INTEGER NOT NULL,
  last_year INTEGER NOT NULL, last_day TEXT, cells TEXT NOT NULL)""",
    "CREATE INDEX instruments_key ON instruments(key)",
    "CREATE INDEX instruments_serials ON instruments(register, registry, prefix, first)",
    "CREATE INDEX instruments_project ON instruments(project) WHERE project != ''",
    "CREATE INDEX instruments_id ON instruments(register, id)",
    """CREATE TABLE moves(entry INTEGER NOT NULL REFERENCES entries(number), place INTEGER NOT NULL,
  instrument INTEGER NOT NULL REFERENCES instruments(number), source TEXT NOT NULL, target TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(entry, place),
  CHECK(source != target), CHECK(1 <= first AND first <= last)) WITHOUT ROWID""",
    "CREATE INDEX moves_instrument ON moves(instrument, entry, place)",
    "CREATE INDEX moves_target ON moves(target, instrument)",
    "CREATE INDEX moves_source ON moves(source, instrument)",
    # a move is both sides at once, so a pair can only balance
    """CREATE VIEW postings AS
  SELECT entry, place, instrument, source AS account, -(last - first + 1) AS quantity FROM moves UNION ALL
  SELECT entry, place, instrument, target AS account, last - first + 1 AS quantity FROM moves""",
    """CREATE TRIGGER entries_in_turn BEFORE INSERT ON entries
  WHEN NEW.number != (SELECT coalesce(max(number), 0) + 1 FROM entries) OR NEW.previous !=
    coalesce((SELECT hash FROM entries ORDER BY number DESC LIMIT 1),
      (SELECT value FROM book WHERE key = 'root'))
  BEGIN SELECT RAISE(ABORT, 'the entry does not follow the last one'); END""",
    """CREATE TRIGGER moves_never_below_zero BEFORE INSERT ON moves WHEN NEW.source != 'issued' AND
    (SELECT coalesce(sum(CASE WHEN target = NEW.source THEN last - first + 1 ELSE first - last - 1 END), 0)
     FROM moves WHERE instrument = NEW.instrument AND NEW.source IN (source, target))
    < NEW.last - NEW.first + 1
  BEGIN SELECT RAISE(ABORT, 'an account would fall below zero'); END""",
    *(statement for table in _KEPT for statement in _refusals(table)),
)
