-- What the durable engine keeps. Columns are for what is asked for or changes often; what an execution carries from its
-- beginning and rarely has at all is one sealed column, `extras`, NULL where all of it is as usual.

-- `group_key` is a digest: a group's name may hold somebody's address. It is NULL where no slot is needed, so also while
-- an ancestor holds the group for both. `bare` says that the payloads have been forgotten, `shares_event` that a retry
-- stands on the same event.
ALTER TABLE executions ADD COLUMN phase INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
ALTER TABLE executions ADD COLUMN care INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN active INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN active_since INTEGER;
ALTER TABLE executions ADD COLUMN group_key TEXT;
ALTER TABLE executions ADD COLUMN group_limit INTEGER;
ALTER TABLE executions ADD COLUMN parent_no INTEGER;
ALTER TABLE executions ADD COLUMN parent_effect TEXT;
ALTER TABLE executions ADD COLUMN dedupe_key TEXT;
ALTER TABLE executions ADD COLUMN shares_event INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN bare INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE executions ADD COLUMN extras BLOB; -- sealed

-- A cancelled execution may still have its `finally` to run: only `ended_at` tells that nothing is to come.
UPDATE executions SET ended_at = coalesce(started_at, created_at) WHERE status > 2 AND ended_at IS NULL;
-- Some indexes have a column more that is the same in all their rows: so rows can be counted without being read.
DROP INDEX executions_live;
CREATE INDEX executions_live ON executions (tenant_id, id, ended_at) WHERE ended_at IS NULL;
-- The oldest ended ones of a workflow, for the purge of executions and for that of payloads.
CREATE INDEX executions_ended ON executions (workflow_no, bare, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX executions_dead_letters ON executions (tenant_id, id) WHERE status = 4 AND care = 0;
-- Of a concurrency group: who has a slot, and who waits for one, in the order of acceptance.
CREATE INDEX executions_holding ON executions (group_key)
  WHERE group_key IS NOT NULL AND status > 0 AND started_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX executions_waiting ON executions (group_key, status) WHERE group_key IS NOT NULL AND status = 0;
CREATE UNIQUE INDEX executions_by_parent ON executions (parent_no, parent_effect) WHERE parent_no IS NOT NULL;
CREATE INDEX executions_living_children ON executions (parent_no) WHERE parent_no IS NOT NULL AND ended_at IS NULL;
CREATE INDEX executions_by_shared_event ON executions (event_no) WHERE shares_event = 1;

-- A key outlives its execution, and tells then which one it was and how that had ended.
ALTER TABLE dedupe_keys ADD COLUMN purged_id TEXT;
ALTER TABLE dedupe_keys ADD COLUMN purged_status INTEGER;
UPDATE executions SET dedupe_key = d.key FROM dedupe_keys d WHERE executions.no = d.execution_no;

-- 0 where the event was only kept.
ALTER TABLE events ADD COLUMN started INTEGER NOT NULL DEFAULT 1;
UPDATE events SET started = 0 WHERE no NOT IN (SELECT event_no FROM executions);
CREATE INDEX events_kept ON events (workflow_no, received_at) WHERE started = 0;

ALTER TABLE steps ADD COLUMN sensitive INTEGER NOT NULL DEFAULT 0;
ALTER TABLE steps ADD COLUMN due_at INTEGER;
ALTER TABLE steps ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
ALTER TABLE steps ADD COLUMN open INTEGER NOT NULL DEFAULT 0;
ALTER TABLE steps ADD COLUMN child TEXT;

-- Beside the steps, because a loop's record changes with every round and its list never does.
CREATE TABLE step_items (
  execution_no INTEGER NOT NULL,
  path         TEXT NOT NULL,
  tenant_id    TEXT NOT NULL,
  items        BLOB NOT NULL, -- sealed
  PRIMARY KEY (execution_no, path)
) STRICT, WITHOUT ROWID;

-- `rank` orders what a tenant has: 0 what goes on, 1 calls, then starts by their priority.
ALTER TABLE outbox ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET rank = CASE kind WHEN 0 THEN 3 WHEN 1 THEN 1 ELSE 0 END;
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (due_at, lease) WHERE lease IS NULL;
CREATE INDEX outbox_turns ON outbox (tenant_id, rank, due_at, id) WHERE lease IS NULL;
CREATE INDEX outbox_leased ON outbox (lease) WHERE lease IS NOT NULL;

-- What expressions gave to mask(), numbered within the execution.
CREATE TABLE masked_values (
  execution_no INTEGER NOT NULL,
  number       INTEGER NOT NULL,
  tenant_id    TEXT NOT NULL,
  value        BLOB NOT NULL, -- sealed
  PRIMARY KEY (execution_no, number)
) STRICT, WITHOUT ROWID;

-- Numbers that were given out and purged are not given out again.
INSERT INTO meta (key, value) VALUES ('executions_highest', 0), ('log_highest', 0);
