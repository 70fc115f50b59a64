-- Sending again: what the API, and the owner of a shard, need for retries by hand, replays, cancellations, and for the
-- events that Martlet itself tells.

-- Deliveries that were asked for by hand: few. By event: is one pending? By webhook: may a replay go on?
CREATE INDEX deliveries_again ON martlet.deliveries (shard, webhook_id, event_id) WHERE trigger <> 0;

-- True: rows of these lanes were deleted by another than their owner, who reads his windows anew. Null costs no byte.
ALTER TABLE martlet.wakes ADD COLUMN removes boolean;

-- Row-level security holds the API to its tenant; a row starts without attempts.
GRANT INSERT (shard, webhook_id, due_at, id, tenant_id, event_id, order_key, trigger) ON martlet.deliveries
   TO martlet_api;

-- `webhook-disabled` is accepted by the worker that disables.
GRANT INSERT ON martlet.events TO martlet_delivery;

-- Set by a worker that gives everything back and ends: its share is for the others from then on.
ALTER TABLE martlet.workers ADD COLUMN is_leaving boolean NOT NULL DEFAULT false;
