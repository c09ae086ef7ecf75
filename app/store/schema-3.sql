-- The third version: what people call runs and sweeps, what was said of their links, and who trains each run.
ALTER TABLE runs ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';  -- a list of words, in JSON
ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';  -- a person's
ALTER TABLE runs ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';  -- sentences about its link, in JSON
ALTER TABLE runs ADD COLUMN owner TEXT;  -- the process that trains it; of one that waits, the one that it waits for

ALTER TABLE sweeps ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE sweeps ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE sweeps ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE sweeps ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';

CREATE TABLE owners (  -- processes that have the store open to train
  id TEXT PRIMARY KEY,
  process INTEGER NOT NULL,  -- its number in the system
  command TEXT NOT NULL,  -- what it was started as
  address TEXT,  -- where it serves
  since REAL NOT NULL
) STRICT, WITHOUT ROWID;
