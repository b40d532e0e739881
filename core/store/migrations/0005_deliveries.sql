-- What became of what came in at webhooks, where it is not to be seen at an execution: `fate` is the number of
-- core/domain/delivery.h. Only a disabled workflow's delivery has an event; all others are few and go after a while.
CREATE TABLE deliveries (
  no          INTEGER PRIMARY KEY,
  tenant_id   TEXT NOT NULL,
  workflow_no INTEGER NOT NULL,
  id          TEXT NOT NULL,
  at          INTEGER NOT NULL,
  fate        INTEGER NOT NULL,
  event_no    INTEGER,
  execution   TEXT NOT NULL,
  code        TEXT NOT NULL,
  reason      BLOB -- sealed
) STRICT;
CREATE UNIQUE INDEX deliveries_by_id ON deliveries (tenant_id, id);
CREATE INDEX deliveries_by_workflow ON deliveries (workflow_no, no);

-- Who is asked for what they have to decide does not look at everything that runs.
CREATE INDEX steps_waiting ON steps (tenant_id, execution_no, path) WHERE kind = 'wait-for' AND status < 2;
