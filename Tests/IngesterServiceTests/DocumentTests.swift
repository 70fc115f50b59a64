import HTTPTypes
import Hosting
import Hummingbird
import HummingbirdTesting
import Logging
import TestSupport
import Testing

@testable import IngesterService

@Suite("The contract's document, at the ingester")
struct DocumentTests {
    @Test("What the document says of the ingester is what it has, and it serves the same document")
    func routes() async throws {
        try await withIngester { ingester, _, _ in
            let text = try await ingester.client.execute(uri: "/openapi.yaml", method: .get) {
                String(buffer: $0.body)
            }
            #expect(text.contains("operationId: postEvents") && text.contains("operationId: listWebhooks"))
            let expected: Set = [
                "GET /livez", "GET /readyz", "GET /metrics", "GET /openapi.yaml", "POST /company/events",
            ]
            #expect(ingester.routes == expected)
            for route in expected { #expect(text.contains("  \(route.split(separator: " ")[1]):\n"), "\(route)") }
        }
    }
}
