-- What all workflows of a tenant may read. `key` is the name in lower case: expressions do not tell case apart.
CREATE TABLE variables (
  tenant_id  TEXT NOT NULL,
  key        TEXT NOT NULL,
  name       TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  value      BLOB, -- sealed; NULL is null
  PRIMARY KEY (tenant_id, key)
) STRICT, WITHOUT ROWID;
