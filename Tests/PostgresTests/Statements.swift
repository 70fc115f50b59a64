import Postgres

struct Add: Statement {
    static let sql = "SELECT $1::int8 + $2::int8"
    let left: Int64
    let right: Int64
    func bind(_ parameters: inout Parameters) {
        parameters.append(left)
        parameters.append(right)
    }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int64 { try row.column(0) }
}

/// Waits on the server, then answers.
struct Sleep: Statement {
    static let sql = "SELECT pg_sleep($1)::text, 'done'"
    let seconds: Double
    func bind(_ parameters: inout Parameters) { parameters.append(seconds) }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(1) }
}

struct DivideByZero: Statement { static let sql = "SELECT 1 / 0" }
struct Misspelt: Statement { static let sql = "SELEKT 1" }

/// Ends every session of an application; gives their number.
struct Terminate: Statement {
    static let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1"
    let application: String
    func bind(_ parameters: inout Parameters) { parameters.append(application) }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int { try row.column(0) }
}

/// How many sessions of an application run a statement or are there at all.
struct CountSessions: Statement {
    static let sql = """
        SELECT count(*), count(*) FILTER (WHERE state = 'active') FROM pg_stat_activity WHERE application_name = $1
        """
    let application: String
    func bind(_ parameters: inout Parameters) { parameters.append(application) }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> (all: Int, active: Int) {
        (try row.column(0), try row.column(1))
    }
}

struct Setting: Statement {
    static let sql = "SELECT current_setting($1)"
    let name: String
    func bind(_ parameters: inout Parameters) { parameters.append(name) }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(0) }
}

/// `things` is a temporary table that a test makes by ``makeThings``.
struct InsertThing: Statement {
    static let sql = "INSERT INTO things (number) VALUES ($1)"
    let number: Int64
    func bind(_ parameters: inout Parameters) { parameters.append(number) }
}

struct Things: Statement {
    static let sql = "SELECT number FROM things ORDER BY number"
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int64 { try row.column(0) }
}

let makeThings = "CREATE TEMPORARY TABLE things (number int8 PRIMARY KEY DEFERRABLE INITIALLY IMMEDIATE)"

/// A constraint that looks only at commit.
let refuseThirteenAtCommit = """
    CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'thirteen' USING ERRCODE = 'MA013'; END $$;
    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.number = 13) EXECUTE FUNCTION pg_temp.refuse();
    """
