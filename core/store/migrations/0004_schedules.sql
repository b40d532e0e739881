-- What a schedule needs to fire each of its instants once, late or by hand, and workflows that begin when others end.

-- `fires_at` is `next_due` with its jitter. `last_due` is the newest instant that fired by itself, `last_lag` how many
-- milliseconds late.
ALTER TABLE schedules ADD COLUMN fires_at INTEGER;
ALTER TABLE schedules ADD COLUMN paused_at INTEGER;
ALTER TABLE schedules ADD COLUMN last_due INTEGER;
ALTER TABLE schedules ADD COLUMN last_lag INTEGER NOT NULL DEFAULT 0;
UPDATE schedules SET fires_at = next_due;
DROP INDEX schedules_due;
CREATE INDEX schedules_due ON schedules (fires_at) WHERE fires_at IS NOT NULL AND paused_at IS NULL;
CREATE INDEX schedules_by_tenant ON schedules (tenant_id);

-- Every instant of the schedule from `since` up to `until`, which is not in it, has fired. Spans neither overlap nor
-- touch, so a schedule that never missed an instant has one row for all of its life.
CREATE TABLE schedule_spans (
  schedule_id TEXT NOT NULL,
  since       INTEGER NOT NULL,
  until       INTEGER NOT NULL,
  tenant_id   TEXT NOT NULL,
  PRIMARY KEY (schedule_id, since)
) STRICT, WITHOUT ROWID;

-- `on.workflow` of the newest version: a row for each name that it lists, with the ends that count.
CREATE TABLE end_listeners (
  workflow_no INTEGER NOT NULL,
  name        TEXT NOT NULL,
  statuses    TEXT NOT NULL, -- separated by commas
  tenant_id   TEXT NOT NULL,
  PRIMARY KEY (workflow_no, name)
) STRICT, WITHOUT ROWID;

-- What the end of an execution has started, so that it starts nothing twice. The rows go with the execution that ended.
CREATE TABLE end_starts (
  ended_no    INTEGER NOT NULL,
  workflow_no INTEGER NOT NULL,
  tenant_id   TEXT NOT NULL,
  execution   TEXT NOT NULL,
  PRIMARY KEY (ended_no, workflow_no)
) STRICT, WITHOUT ROWID;
