-- What the systems that a trace went through say of it, sent on beside `traceparent`. No default and nothing to check, so
-- no row is touched; ingesters of the version before go on writing events without it.
ALTER TABLE martlet.events ADD COLUMN tracestate text;
