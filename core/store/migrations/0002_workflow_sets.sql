-- The set under which a workflow was last applied, '' for none: what `apply --set NAME --prune` may delete.
ALTER TABLE workflows ADD COLUMN set_name TEXT NOT NULL DEFAULT '';
