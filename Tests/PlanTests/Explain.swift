import Postgres
import Store
import TestSupport

/// What a session reads with once a statement is prepared in it.
struct Plan {
    /// Indexes that are scanned; those of partitions by the name of the partitioned table's.
    var indexes: Set<String> = []
    /// Tables that are read whole.
    var wholeTables: Set<String> = []
    /// Whether rows are sorted: then all that match are read, whatever the limit.
    var sorts = false
    /// Tables and partitions that are read in any way.
    var tables: Set<String> = []
    var text = ""

    init(_ lines: [String], _ parents: [String: String]) {
        for line in lines {
            text += line + "\n"
            let words = line.split(separator: " ").map(String.init)
            if words == ["Sort"] || words == ["->", "Sort"] { sorts = true }
            if let using = words.firstIndex(of: "using"), using + 1 < words.count, line.contains("Index") {
                indexes.insert(parents[words[using + 1]] ?? words[using + 1])
            }
            if let seq = words.firstIndex(of: "Seq"), seq + 3 < words.count { wholeTables.insert(words[seq + 3]) }
            if line.contains("Bitmap") { wholeTables.insert(line) }
            if let on = words.firstIndex(of: "on"), on + 1 < words.count { tables.insert(words[on + 1]) }
        }
    }
}

/// One hot statement, and the indexes that its plan must name.
struct PlanCase: Sendable {
    let name: String
    /// Nil: the owner.
    let role: ServiceRole?
    let indexes: Set<String>
    /// Whether its rows must come in the order of an index: a list's, of which one page is read.
    let isOrdered: Bool
    /// Executes the statement, so that it is prepared, and explains the plan that the session keeps.
    let explain: @Sendable (PostgresConnection, _ parents: [String: String]) async throws -> Plan

    init<S: Statement>(_ role: ServiceRole, _ statement: S, uses indexes: Set<String>, isOrdered: Bool = false) {
        self.isOrdered = isOrdered
        name = "\(S.self)"
        self.role = role
        self.indexes = indexes
        explain = { session, parents in
            do throws(PostgresError) { _ = try await session.execute(statement) } catch {
                guard error.sqlState?.errorClass == "MA" else { throw error }  // a fence that holds is prepared too
            }
            return Plan(try await session.execute(ExplainPrepared(sql: S.sql)), parents)
        }
    }

    /// A function of the database that is one statement, as its owner runs it.
    init(function: String, uses indexes: Set<String>) {
        name = function
        role = nil
        self.indexes = indexes
        isOrdered = false
        explain = { session, parents in Plan(try await session.execute(ExplainFunction(name: function)), parents) }
    }
}

/// The plan of the statement that a function is.
private struct ExplainFunction: Statement {
    static let sql = "SELECT line FROM explain_function($1) line"
    let name: String
    func bind(_ parameters: inout Parameters) { parameters.append(name) }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(0) }

    static let function = """
        CREATE FUNCTION martlet.explain_function(text) RETURNS SETOF text LANGUAGE plpgsql AS $$
        DECLARE f pg_proc;
        BEGIN
          SELECT * INTO STRICT f FROM pg_proc WHERE oid = to_regproc('martlet.' || $1);
          EXECUTE format('PREPARE explained (%s) AS %s', oidvectortypes(f.proargtypes), f.prosrc);
          RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) EXECUTE explained ('
            || array_to_string(array_fill('NULL'::text, ARRAY[f.pronargs::int]), ',') || ')';
          DEALLOCATE explained;
        END $$;
        """
}

/// The plan of a statement that this session has prepared: the very one that it will run.
private struct ExplainPrepared: Statement {
    static let sql = "SELECT line FROM explain_prepared($1) line"
    let sql: String
    func bind(_ parameters: inout Parameters) { parameters.append(sql) }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(0) }

    /// Without pruning every partition shows how it would be read; nulls, since a generic plan knows no values.
    static let function = """
        CREATE FUNCTION martlet.explain_prepared(text) RETURNS SETOF text LANGUAGE plpgsql AS $$
        DECLARE s record;
        BEGIN
          SELECT name, cardinality(parameter_types) AS count INTO STRICT s FROM pg_prepared_statements
           WHERE statement = $1;
          RETURN QUERY EXECUTE format('EXPLAIN (COSTS OFF) EXECUTE %I%s', s.name, CASE WHEN s.count > 0
            THEN '(' || array_to_string(array_fill('NULL'::text, ARRAY[s.count]), ',') || ')' ELSE '' END);
        END $$;
        """
}

/// Indexes of partitions with the partitioned table's index that they belong to.
struct FindIndexParents: Statement {
    static let sql = """
        SELECT c.relname::text, p.relname::text FROM pg_inherits i
          JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent WHERE c.relkind = 'i'
        """
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> (String, String) {
        (try row.column(0), try row.column(1))
    }
}

extension TestDatabase {
    /// Adds what explains, and `rows` rows to each large table.
    func prepareForPlans(rows: Int) async throws {
        try await run(ExplainPrepared.function)
        try await run(ExplainFunction.function)
        let session = try await connect()
        try await session.run(script: "SET statement_timeout = 0")
        if rows > 0 {  // each in a transaction of its own: other tests wait for the oldest one
            for insert in Self.fill(rows).split(separator: ";") { try await session.run(script: String(insert)) }
        }
        for table in [
            "deliveries", "events", "event_keys", "invocations", "delivery_stats", "wakes", "webhooks", "tenants",
        ] {
            try await session.run(script: "VACUUM ANALYZE \(table)")
        }
        try await session.run(script: "VACUUM ANALYZE shard_leases")
        await session.close()
    }

    /// Over 64 shards and a thousand webhooks, most ids of today.
    private static func fill(_ rows: Int) -> String {
        """
        INSERT INTO tenants (id, identifier, name, shard)
        SELECT md5('t' || g)::uuid, 't' || g, '', g % 64 FROM generate_series(1, \(rows / 10)) g;
        INSERT INTO webhooks (id, tenant_id, shard, version, configuration)
        SELECT md5('w' || g)::uuid, md5('t' || g / 10)::uuid, g % 64, g % 10, '{}' FROM generate_series(1, \(rows)) g;
        INSERT INTO events (shard, tenant_id, id, resource_key, event_type, data)
        SELECT g % 64, md5('t' || g % 1000)::uuid,
               (left(ulid_floor(now())::text, 13) || substr(md5('e' || g), 1, 20))::uuid,
               md5('r' || g % 5000)::uuid, 'order-created', '\\x00' FROM generate_series(1, \(rows)) g;
        INSERT INTO event_keys (shard, tenant_id, key, event_id, body, day, deliveries)
        SELECT g % 64, md5('t' || g % 1000)::uuid, md5('k' || g)::uuid, md5('e' || g)::uuid, md5('b')::uuid,
               (now() AT TIME ZONE 'UTC')::date, 1 FROM generate_series(1, \(rows)) g;
        INSERT INTO deliveries (shard, webhook_id, due_at, id, tenant_id, event_id, order_key)
        SELECT g % 64, md5('w' || g % 1000)::uuid, now() + g * interval '1 ms', md5('d' || g)::uuid,
               md5('t' || g % 1000)::uuid, md5('e' || g)::uuid, CASE WHEN g % 3 = 0 THEN g % 50 END
          FROM generate_series(1, \(rows)) g;
        INSERT INTO invocations (shard, webhook_id, id, tenant_id, event_id, started_at, duration_ms, attempt, outcome,
               trigger, is_final, event_type)
        SELECT g % 64, md5('w' || g % 1000)::uuid,
               (left(ulid_floor(now())::text, 13) || substr(md5('i' || g), 1, 20))::uuid,
               md5('t' || g % 1000)::uuid, md5('e' || g)::uuid, now(), 5, 1, (g % 50 = 0)::int, 0, true, 'order-created'
          FROM generate_series(1, \(rows)) g;
        INSERT INTO delivery_stats (shard, webhook_id, minute, tenant_id)
        SELECT g % 64, md5('w' || g % 1000)::uuid, date_trunc('day', now(), 'UTC') + g / 1000 * interval '1 min',
               md5('t' || g % 1000)::uuid FROM generate_series(1, \(rows)) g ON CONFLICT DO NOTHING;
        INSERT INTO wakes (xid, shard_mask) SELECT g::text::xid8, 1 FROM generate_series(1, \(rows)) g;
        """
    }
}
