-- The run store's first version. Times are seconds since 1970, UTC.
CREATE TABLE sweeps (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  request TEXT NOT NULL,  -- as it came, in JSON
  created REAL NOT NULL
) STRICT;

CREATE TABLE runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL DEFAULT 'queued'
    CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted')),
  spec TEXT NOT NULL,  -- config, epochs, stop rule and what to record, in JSON
  sweep INTEGER REFERENCES sweeps (number) ON DELETE CASCADE,
  place TEXT NOT NULL DEFAULT '{}',  -- the values of the sweep's keys, in JSON
  created REAL NOT NULL,
  queued REAL NOT NULL,  -- since when it waits for its turn
  started REAL,
  finished REAL,
  version INTEGER NOT NULL DEFAULT 1,  -- counts changes of this row
  progress TEXT NOT NULL DEFAULT '{}',  -- where the training is, in JSON, but for the state
  state TEXT,  -- the trained state there, as engine.state writes it
  reason TEXT  -- why it ended
) STRICT;
CREATE INDEX runs_by_status ON runs (status, number);
CREATE INDEX runs_by_turn ON runs (sweep IS NOT NULL, queued, number) WHERE status = 'queued';
CREATE INDEX runs_by_sweep ON runs (sweep, number);

CREATE TABLE history (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  updates INTEGER NOT NULL,
  train_loss REAL NOT NULL,
  test_loss REAL NOT NULL,
  train_score REAL,
  test_score REAL,
  PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshots (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE requests (  -- by their Idempotency-Key
  key TEXT PRIMARY KEY,
  digest TEXT NOT NULL,  -- of path and body
  made TEXT NOT NULL,  -- the id of what was made
  created REAL NOT NULL
) STRICT, WITHOUT ROWID;
