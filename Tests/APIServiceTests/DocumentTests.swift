import HTTPTypes
import Hosting
import Logging
import Testing

@testable import APIService

/// `openapi.yaml` and the routes in code say the same, here and at the ingester.
@Suite("The contract's document")
struct DocumentTests {
    @Test("Every route is in the document, and every path of the document is a route")
    func routes() async throws {
        try await withAPI { api, _ in
            let answer = try await api.send(.get, "/openapi.yaml")
            let documented = ContractDocument(answer.text).operations
            #expect(documented.count >= 40)
            // HEAD follows from GET and is left out; so are the portal's pages and what inspectors receive, no
            // part of the contract.
            let pages = ["/portal", "/portal/**", "/portal/assets/{name}"]
            let contract = api.routes.filter { route in
                route.method != .head && !pages.contains(route.path) && !route.path.hasPrefix("/inspect/")
            }
            let routes = Set(
                contract.map { route in
                    "\(route.method.rawValue) " + route.path.replacing(/\{\w+\}/, with: "{}")
                })
            #expect(documented.subtracting(routes).sorted() == [])
            #expect(routes.subtracting(documented).sorted() == [])
        }
    }

    @Test("Reading the document finds what is there")
    func reading() {
        let document = ContractDocument(
            """
            openapi: 3.1.0
            paths:
              /a/{id}:
                parameters: []
                get:
                  responses: {}
                delete: { operationId: x }
            components:
              /b:
                get: {}
            """)
        #expect(document.operations == ["GET /a/{}", "DELETE /a/{}"])
    }
}

/// As much of YAML as tells paths and methods: the document is written in one style.
struct ContractDocument {
    /// `GET /company/webhooks/{}`.
    let operations: Set<String>

    init(_ text: String) {
        var operations: Set<String> = []
        var isInPaths = false
        var path = ""
        for line in text.split(separator: "\n") {
            if !line.hasPrefix(" ") { isInPaths = line.hasPrefix("paths:") }
            guard isInPaths else { continue }
            if let match = line.firstMatch(of: /^ {2}(\/\S*):$/) {
                path = String(match.1).replacing(/\{\w+\}/, with: "{}")
            } else if let match = line.firstMatch(of: /^ {4}(get|post|put|patch|delete):/) {
                operations.insert("\(match.1.uppercased()) \(path)")
            }
        }
        self.operations = operations
    }
}
