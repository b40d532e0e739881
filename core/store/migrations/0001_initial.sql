-- The first schema. Instants are milliseconds since 1970, enumerations the numbers of core/domain, `no` a number that
-- only this file knows: rows point at each other with it, because ten bytes of integer cost a tenth of an identifier
-- in every index. Columns marked "sealed" hold what the sealer made of them, NULL where there is nothing to keep.
--
-- An accepted webhook writes one row each of events, executions and steps and a few log lines, at the end of each
-- table. So there are few secondary indexes, and where it can be they are partial: an execution that succeeded at once
-- never enters executions_live or executions_unsuccessful, and an effect that is leased at once never enters outbox_due.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Taken off the highest executions.no, this is the number of executions without counting them.
INSERT INTO meta (key, value) VALUES ('executions_purged', 0);

CREATE TABLE tenants (
  tenant_id  TEXT PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO tenants (tenant_id, name, created_at)
VALUES ('tn_00000000000000000000000000', 'default', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));

CREATE TABLE users (
  id         TEXT PRIMARY KEY,
  tenant_id  TEXT NOT NULL,
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (tenant_id, name)
) STRICT, WITHOUT ROWID;

-- A deleted workflow stays as a row, because executions and versions point at it.
CREATE TABLE workflows (
  no          INTEGER PRIMARY KEY,
  tenant_id   TEXT NOT NULL,
  id          TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  description TEXT NOT NULL,
  enabled     INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  deleted     INTEGER NOT NULL
) STRICT;
CREATE INDEX workflows_by_name ON workflows (tenant_id, name);
CREATE UNIQUE INDEX workflows_living ON workflows (tenant_id, name) WHERE deleted = 0;

CREATE TABLE workflow_versions (
  workflow_no INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  tenant_id   TEXT NOT NULL,
  source      BLOB NOT NULL, -- sealed: a source may hold literals that nobody else should read
  digest      TEXT NOT NULL,
  author      TEXT NOT NULL,
  message     TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (workflow_no, number)
) STRICT, WITHOUT ROWID;

-- What starts a workflow from outside, as of its newest version; schedules have a table of their own.
CREATE TABLE triggers (
  workflow_no INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  tenant_id   TEXT NOT NULL,
  PRIMARY KEY (workflow_no, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules (
  id          TEXT PRIMARY KEY,
  tenant_id   TEXT NOT NULL,
  workflow_no INTEGER NOT NULL,
  cron        TEXT NOT NULL,
  timezone    TEXT NOT NULL,
  next_due    INTEGER,
  UNIQUE (workflow_no, cron, timezone)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedules_due ON schedules (next_due) WHERE next_due IS NOT NULL;

CREATE TABLE events (
  no          INTEGER PRIMARY KEY,
  tenant_id   TEXT NOT NULL,
  id          TEXT NOT NULL,
  workflow_no INTEGER NOT NULL,
  trigger     INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  payload     BLOB -- sealed
) STRICT;

CREATE TABLE executions (
  no             INTEGER PRIMARY KEY,
  tenant_id      TEXT NOT NULL,
  id             TEXT NOT NULL,
  workflow_no    INTEGER NOT NULL,
  event_no       INTEGER NOT NULL,
  version        INTEGER NOT NULL,
  trigger        INTEGER NOT NULL,
  status         INTEGER NOT NULL,
  revision       INTEGER NOT NULL,
  seed           INTEGER NOT NULL,
  engine_version INTEGER NOT NULL,
  created_at     INTEGER NOT NULL,
  started_at     INTEGER,
  ended_at       INTEGER,
  error_code     TEXT,
  error_step     TEXT,
  error_message  BLOB, -- sealed
  inputs         BLOB, -- sealed; NULL is {}
  outputs        BLOB  -- sealed; NULL is null
) STRICT;
CREATE UNIQUE INDEX executions_by_id ON executions (tenant_id, id);
CREATE INDEX executions_by_workflow ON executions (workflow_no, id);
CREATE INDEX executions_live ON executions (tenant_id, id) WHERE status < 3;
CREATE INDEX executions_unsuccessful ON executions (tenant_id, id) WHERE status > 3;

-- `position` orders the steps of an execution by when they began: the revision that began it and its place therein.
CREATE TABLE steps (
  execution_no   INTEGER NOT NULL,
  path           TEXT NOT NULL,
  position       INTEGER NOT NULL,
  tenant_id      TEXT NOT NULL,
  kind           TEXT NOT NULL,
  status         INTEGER NOT NULL,
  softened       INTEGER NOT NULL,
  attempts       INTEGER NOT NULL,
  sends          INTEGER NOT NULL,
  started_at     INTEGER NOT NULL,
  ended_at       INTEGER,
  deferred_since INTEGER,
  error_code     TEXT,
  error_step     TEXT,
  error_message  BLOB, -- sealed
  outputs        BLOB, -- sealed; NULL is null
  PRIMARY KEY (execution_no, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
  execution_no INTEGER NOT NULL,
  path         TEXT NOT NULL,
  number       INTEGER NOT NULL,
  tenant_id    TEXT NOT NULL,
  started_at   INTEGER NOT NULL,
  ended_at     INTEGER NOT NULL,
  outcome      TEXT NOT NULL,
  message      BLOB, -- sealed
  PRIMARY KEY (execution_no, path, number)
) STRICT, WITHOUT ROWID;

-- `lease` is the boot that sends the effect; `orphaned` says that another boot had it and died.
CREATE TABLE outbox (
  execution_no INTEGER NOT NULL,
  id           TEXT NOT NULL,
  tenant_id    TEXT NOT NULL,
  kind         INTEGER NOT NULL,
  path         TEXT NOT NULL,
  due_at       INTEGER NOT NULL,
  lease        INTEGER,
  orphaned     INTEGER NOT NULL,
  payload      BLOB, -- sealed
  PRIMARY KEY (execution_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE lease IS NULL;

CREATE TABLE log_lines (
  sequence     INTEGER PRIMARY KEY,
  tenant_id    TEXT NOT NULL,
  execution_no INTEGER NOT NULL,
  path         TEXT NOT NULL,
  level        INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  text         BLOB -- sealed
) STRICT;
CREATE INDEX log_lines_by_execution ON log_lines (execution_no);

CREATE TABLE dedupe_keys (
  workflow_no  INTEGER NOT NULL,
  key          TEXT NOT NULL,
  tenant_id    TEXT NOT NULL,
  execution_no INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  PRIMARY KEY (workflow_no, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX dedupe_keys_by_expiry ON dedupe_keys (expires_at);

-- A deleted credential keeps its fields: the masker must still know them.
CREATE TABLE credentials (
  id         TEXT PRIMARY KEY,
  tenant_id  TEXT NOT NULL,
  name       TEXT NOT NULL,
  type       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  fields     BLOB -- sealed
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX credentials_living ON credentials (tenant_id, name) WHERE deleted_at IS NULL;

CREATE TABLE audit (
  no        INTEGER PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  at        INTEGER NOT NULL,
  actor     TEXT NOT NULL,
  action    TEXT NOT NULL,
  target    TEXT NOT NULL,
  details   BLOB -- sealed
) STRICT;
