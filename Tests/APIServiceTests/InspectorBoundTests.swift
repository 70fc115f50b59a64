import HTTPTypes
import TestSupport
import Testing

@testable import APIService

@Suite("What bounds inspectors, whoever asks at once")
struct InspectorBoundTests {
    @Test("A tenant's limit holds while many are made at the same time")
    func race() async throws {
        try await withAPI { api, database in
            let statuses = try await withThrowingTaskGroup { group in
                for _ in 0..<InspectorRoutes.limit + 10 {
                    group.addTask { try await api.send(.post, "/company/inspectors").status }
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [201: InspectorRoutes.limit, 409: 10])
            #expect(try await database.count("inspectors") == InspectorRoutes.limit)
        }
    }

    @Test("One that is flooded takes nothing from the tenant's others")
    func rate() async throws {
        try await withAPI { api, _ in
            let stranger = api.with { ($0.token, $0.tenant) = (nil, nil) }
            func path() async throws -> String {
                let url = try #require(try await api.send(.post, "/company/inspectors").string("url"))
                return "/inspect/" + (try #require(url.split(separator: "/").last))
            }
            let (flooded, other) = (try await path(), try await path())
            var statuses: Set<Int> = []
            for _ in 0..<500 where !statuses.contains(429) {
                statuses.insert(try await stranger.send(.post, flooded, "{}").status)
            }
            #expect(statuses == [200, 429])
            #expect(try await stranger.send(.post, other, "{}").status == 200)
        }
    }
}
