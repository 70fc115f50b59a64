import Postgres
import Store
import TestSupport
import Testing

/// A plan that was made while a table was empty must not read the whole table when it has filled: sessions keep plans.
@Suite struct PlanTests {
    @Test("Each hot statement reads by its index", arguments: [0, 100_000])
    func plans(rows: Int) async throws {
        try await withDatabase { database in
            try await database.prepareForPlans(rows: rows)
            let owner = try await database.connect()
            let parents = Dictionary(try await owner.execute(FindIndexParents()), uniquingKeysWith: { one, _ in one })
            await owner.close()
            for role in ServiceRole.allCases.map(Optional.some) + [nil] {
                let session = try await database.connect(as: role)
                try await session.run(script: "SET enable_partition_pruning = off")
                for each in PlanCase.all where each.role == role {
                    let plan = try await each.explain(session, parents)
                    #expect(plan.indexes == each.indexes, "\(each.name), \(rows) rows:\n\(plan.text)")
                    #expect(plan.wholeTables.isEmpty, "\(each.name), \(rows) rows:\n\(plan.text)")
                    #expect(!each.isOrdered || !plan.sorts, "\(each.name), \(rows) rows:\n\(plan.text)")
                }
                await session.close()
            }
        }
    }

    @Test("What is exported is read from counters and the queue, never from what was accepted or sent")
    func scrape() async throws {
        try await withDatabase { database in
            try await database.prepareForPlans(rows: 0)
            let session = try await database.connect(as: .metrics)
            try await session.run(script: "SET enable_partition_pruning = off")
            for each in PlanCase.scrape {
                let plan = try await each.explain(session, [:])
                #expect(!plan.tables.isEmpty, "\(each.name):\n\(plan.text)")
                let history = plan.tables.filter { $0.hasPrefix("event") || $0.hasPrefix("invocations") }
                #expect(history.isEmpty, "\(each.name):\n\(plan.text)")
            }
            await session.close()
        }
    }

    @Test("A statement without an index would be found out")
    func seqScan() async throws {
        try await withDatabase { database in
            try await database.prepareForPlans(rows: 0)
            let session = try await database.connect()
            let plan = try await PlanCase(.delivery, WithoutIndex(), uses: []).explain(session, [:])
            #expect(plan.wholeTables == ["deliveries"] && plan.indexes.isEmpty)
            #expect(!plan.sorts)
            let sorting = try await PlanCase(.delivery, WithSort(), uses: []).explain(session, [:])
            #expect(sorting.sorts)
            await session.close()
        }
    }

    private struct WithSort: Statement {
        static let sql = "SELECT attempt FROM deliveries ORDER BY attempt LIMIT 1"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int16 { try row.column(0) }
    }

    private struct WithoutIndex: Statement {
        static let sql = "SELECT attempt FROM deliveries WHERE attempt = $1"
        func bind(_ parameters: inout Parameters) { parameters.append(Int16(1)) }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int16 { try row.column(0) }
    }
}
