public import Postgres
internal import Webhooks

/// All days that there are of the tables that are known here, oldest first, and how old each is by the database's
/// clock.
public struct FindPartitions: Statement {
    public static let sql = """
        SELECT p.relname::text, d.day::timestamp AT TIME ZONE 'UTC', ((now() AT TIME ZONE 'UTC')::date - d.day)::int
          FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_class c ON c.oid = i.inhrelid
         CROSS JOIN LATERAL (SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day) d
         WHERE p.relnamespace = 'martlet'::regnamespace AND p.relkind = 'p' AND p.relname = ANY ($1)
           AND c.relname ~ '_[0-9]{8}$'
         ORDER BY d.day, p.relname
        """

    public struct Row: Sendable, Hashable {
        public let partition: Partition
        /// Days from it to today: 0 is today, 1 yesterday.
        public let age: Int

        public init(partition: Partition, age: Int) {
            self.partition = partition
            self.age = age
        }
    }

    public init() {}

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: Partition.Table.allCases) { $0.rawValue }
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Row {
        let name: String = try row.column(0)
        guard let table = Partition.Table(rawValue: name) else { throw .decoding("no day of \(name) is known") }
        let age: Int32 = try row.column(2)
        return Row(partition: Partition(table, try row.column(1)), age: Int(age))
    }
}
