import Foundation
import Testing
import Webhooks

/// Rows of `webhooks.configuration`.
@Suite struct WebhookConfigurationTests {
    private let minimal = #"{"name":"n","url":"https://example.com/","events":["order-created"]}"#

    private func decode(_ text: String) throws -> WebhookConfiguration {
        try JSONDecoder().decode(WebhookConfiguration.self, from: Data(text.utf8))
    }

    @Test func everyMemberComesBack() throws {
        var configuration = WebhookConfiguration(
            name: "Bård 😀", url: "https://example.com/å?x=1", events: ["order-*", "*"])
        configuration.type = "http"
        configuration.isEnabled = false
        configuration.whenDisabled = .discard
        configuration.method = .PATCH
        configuration.headers = ["x-a": "1", "x-b": "é"]
        configuration.signatures = [.v1, .v1a]
        configuration.dialect = .crystallize
        configuration.payloadQuery = "query { order { get } }"
        configuration.preserveDefaultPayload = true
        configuration.fields = ["cart.sku"]
        configuration.debounceSeconds = 7
        configuration.filter = #"{"data":{"a":[1]}}"#
        configuration.format = .cloudevents
        configuration.data = .snapshot
        configuration.retry = RetryPolicy(maxAttempts: 3, schedule: [1, 2])
        configuration.timeoutMs = 100
        configuration.connectTimeoutMs = 50
        configuration.rateLimit = .init(requests: 5, perSeconds: 60)
        configuration.maxConcurrency = 1
        configuration.ordering = .resource
        configuration.description = "d"
        configuration.metadata = ["k": "v"]
        let text = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
        #expect(try decode(text) == configuration)
        // Each member takes part: with none left at its default, equality proves that none is dropped.
        #expect(text.matches(of: /"[a-zA-Z]+":/).count >= 25)
    }

    @Test func missingMembersTakeTheirDefaults() throws {
        let expected = WebhookConfiguration(name: "n", url: "https://example.com/", events: ["order-created"])
        #expect(try decode(minimal) == expected)
        let encoded = String(decoding: try JSONEncoder().encode(expected), as: UTF8.self)
        #expect(try decode(encoded) == expected)
        let nulls = #","isEnabled":null,"headers":null,"retry":null,"timeoutMs":null,"ordering":null,"fields":null}"#
        #expect(try decode(minimal.dropLast() + nulls) == expected)
    }

    @Test func unknownMembersArePassedOver() throws {
        let text = minimal.dropLast() + #","later":{"x":[1]},"retry":{"maxAttempts":2,"backoff":"x"}}"#
        #expect(try decode(String(text)).retry == RetryPolicy(maxAttempts: 2))
    }

    @Test(
        "What cannot be understood is not guessed at",
        arguments: [
            #"{"name":"n","url":"https://example.com/"}"#, #"{"url":"https://example.com/","events":[]}"#,
            #"{"name":"n","url":"u","events":["a"],"method":"TRACE"}"#,
            #"{"name":"n","url":"u","events":["a"],"timeoutMs":"5"}"#, "[]",
        ])
    func refused(text: String) {
        #expect(throws: DecodingError.self) { try decode(text) }
    }

    @Test(
        "Authentication comes back from its sealed text",
        arguments: [
            .bearer(token: "t\"å"), .basic(username: "u", password: "p:q"), .header(name: "AUTH_TOKEN", value: "v"),
            .oauth2(tokenURL: "https://example.com/t", clientID: "c", clientSecret: "s", scope: nil),
            .oauth2(tokenURL: "https://example.com/t", clientID: "c", clientSecret: "s", scope: "a b"),
            .mtls(certificate: "-----BEGIN\n", key: "k"),
        ] as [WebhookAuthentication])
    func authentication(value: WebhookAuthentication) {
        #expect(WebhookAuthentication(json: value.json) == value)
    }

    @Test(
        "What is no authentication",
        arguments: [
            "", "{}", "[]", #"{"type":"bearer"}"#, #"{"type":"magic","token":"t"}"#, #"{"type":"bearer","token":1}"#,
        ])
    func noAuthentication(text: String) {
        #expect(WebhookAuthentication(json: Array(text.utf8)) == nil)
    }

    @Test func authenticationReadsAsTheAPIWritesIt() {
        let text = #"{"scope":"x","type":"oauth2","clientId":"c","clientSecret":"s","tokenURL":"u","more":1}"#
        #expect(
            WebhookAuthentication(json: Array(text.utf8))
                == .oauth2(tokenURL: "u", clientID: "c", clientSecret: "s", scope: "x"))
    }
}
