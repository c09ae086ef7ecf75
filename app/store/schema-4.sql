-- The fourth version: a run of a sweep may be pruned. Nothing that is kept changes, only what the column may say, which
-- SQLite's documentation has done this way: https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''interrupted''))', '''interrupted'', ''pruned''))')
  WHERE type = 'table' AND name = 'runs';
PRAGMA writable_schema = RESET;
