import Dressing
import JSON
import Testing
import Webhooks

/// What holds in every dialect.
@Suite struct DialectTests {
    @Test(
        "Retry defaults; what a webhook says itself counts more",
        arguments: [(Dialect.crystallize, 1), (.shopery, 10), (.standard, 10)])
    func retries(dialect: Dialect, attempts: Int) throws {
        #expect(try Sample.prepare { $0.dialect = dialect }.retrySchedule.maxAttempts == attempts)
        let own = try Sample.prepare {
            $0.dialect = dialect
            $0.retry = RetryPolicy(maxAttempts: 3)
        }
        #expect(own.retrySchedule.maxAttempts == 3)
        #expect(RetrySchedule(policy: nil, dialect: dialect).seconds == RetrySchedule.standardSeconds)
    }

    @Test("The tenant's dialect counts where a webhook names none", arguments: Dialect.allCases)
    func tenantDefault(dialect: Dialect) throws {
        let secrets = WebhookSecrets(signing: [.init(Sample.secret)], tenantSignature: Sample.tenantSecret)
        let given = try Sample.prepare { $0.dialect = dialect }
        let byTenant = try PreparedWebhook(
            Sample.prepare().webhook, tenantIdentifier: "acme", secrets: secrets, tenantDefault: dialect)
        #expect(Sample.dress(for: byTenant).text == Sample.dress(for: given).text)
        #expect(
            Sample.dress(for: byTenant).headers.map(\.name) == Sample.dress(for: given).headers.map(\.name))
        #expect(byTenant.retrySchedule == given.retrySchedule)
    }

    private static let signatures: [Dialect: [String]] = [
        .standard: ["webhook-id", "webhook-timestamp", "webhook-signature"],
        .crystallize: ["x-crystallize-signature", "x-martlet-body-hmac"], .shopery: ["X-Shopery-Secret"],
    ]

    @Test("Every method, test sends and retries are signed", arguments: Dialect.allCases)
    func everyRequestIsSigned(dialect: Dialect) throws {
        let names = try #require(Self.signatures[dialect])
        for method in WebhookConfiguration.Method.allCases {
            let webhook = try Sample.prepare {
                $0.dialect = dialect
                $0.method = method
            }
            let requests = [
                Sample.dress(for: webhook), Sample.dress(for: webhook, attempt: 2, at: Sample.now + .seconds(5)),
                Sample.dress(for: webhook, queryResult: #"{"a":1}"#),
                Dresser().dress(Sample.event(), for: webhook, deliveryID: nil, at: Sample.now),
            ]
            for request in requests {
                #expect(request.method == method.rawValue)
                #expect(request.headers.map(\.name).filter { Self.signatures.values.joined().contains($0) } == names)
                #expect(names.allSatisfy { request.header($0)?.isEmpty == false })
                #expect((request.body == nil) == (method == .GET))
                let type = request.header("content-type")
                #expect(type == (method == .GET ? nil : "application/json"))
                for name in ["user-agent", "x-martlet-event", "x-martlet-webhook", "x-martlet-attempt"] {
                    #expect(request.header(name) != nil)
                }
                #expect(request.header("x-martlet-triggered-at") == "2025-10-07T11:48:45.000Z")
                #expect(Set(request.headers.map { $0.name.lowercased() }).count == request.headers.count)
            }
        }
    }

    @Test("Without a key nothing is dressed", arguments: Dialect.allCases)
    func noKey(dialect: Dialect) {
        let others = WebhookSecrets(
            signing: dialect == .crystallize ? [.init(Sample.secret)] : [],
            tenantSignature: dialect == .crystallize ? nil : Sample.tenantSecret)
        #expect(throws: PreparedWebhook.Failure.noSigningKey) {
            try Sample.prepare(secrets: others) { $0.dialect = dialect }
        }
    }

    @Test(
        "A result takes the place of the default payload, or is laid over it",
        arguments: [
            (.standard, false, #"{"type":"mine","x":1e2}"#),
            (.crystallize, false, #"{"type":"mine","x":100}"#), (.shopery, false, #"{"type":"mine","x":1e2}"#),
            (
                .standard, true,
                Sample.body.replacing(#""type":"order-created""#, with: #""type":"mine""#)
                    .dropLast() + #","x":1e2}"#
            ),
            (
                .crystallize, true,
                #"{"id":"68e4","tenantId":"acme","webhookId":"wbh_01K6Z818A80000000000000002","type":"mine","#
                    + #""name":"Bård","gross":10.1125,"x":100}"#
            ),
            (.shopery, true, #"{"id":"68e4","name":"Bård","gross":10.1125,"type":"mine","x":1e2}"#),
        ] as [(Dialect, Bool, String)])
    func results(dialect: Dialect, preserves: Bool, expected: String) throws {
        let webhook = try Sample.prepare {
            $0.dialect = dialect
            $0.preserveDefaultPayload = preserves
        }
        #expect(Sample.dress(for: webhook, queryResult: #"{"type":"mine","x":1e2}"#).text == expected)
        let get = try Sample.prepare {
            $0.dialect = dialect
            $0.preserveDefaultPayload = preserves
            $0.method = .GET
        }
        let url = Sample.dress(for: get, queryResult: #"{"type":"mine","x":[1,"å"]}"#).url
        #expect(url.hasPrefix("https://example.com/wh?\(preserves ? "id=" : "type=mine&x=")"))
        #expect(url.hasSuffix("&x=%5B1%2C%22%C3%A5%22%5D"))
        #expect(url.contains("type=mine") && !url.contains("type=order"))
    }

    @Test func variablesAreTheSameInEveryDialect() throws {
        let data =
            #"{"id":"x","webhookId":"x","name":"B\u00e5rd","cart":[{"sku":"1"}],"resource":7,"n":10.1125,"z":null}"#
        let event = Sample.event(data: data, related: #"{"a":1}"#)
        let all = try Dialect.allCases.map { dialect in
            Dresser().variables(of: event, for: try Sample.prepare { $0.dialect = dialect })
        }
        #expect(all[0] == all[1] && all[1] == all[2])
        let variables = Dictionary(
            uniqueKeysWithValues: all[0].map { ($0.name, String(decoding: $0.json, as: UTF8.self)) })
        #expect(
            variables == [
                "id": #""68e4""#, "tenantId": #""acme""#, "webhookId": "\"\(Sample.webhookID)\"", "type": #""order""#,
                "name": #""B\u00e5rd""#, "cart": #"[{"sku":"1"}]"#, "resource": "7", "n": "10.1125", "z": "null",
                "timestamp": #""2025-10-07T11:48:45.123Z""#, "event": #""created""#, "resourceId": #""68e4""#,
                "data": data, "related": #"{"a":1}"#,
            ])
    }

    /// Each member of the body can be a variable, and has the same value there.
    @Test func theDefaultBodyHoldsVariables() throws {
        for type in ["order-created", "product-published", "document-updated"] {
            let data = #"{"id":"x","type":"mine","a":"\u0041","b":true,"c":{},"d":1.50}"#
            let event = Sample.event(type: type, data: data)
            let webhook = try Sample.prepare { $0.dialect = .crystallize }
            let body = try #require(Sample.dress(event, for: webhook).body)
            let variables = Dresser().variables(of: event, for: webhook)
            let members = try JSONDocument(parsing: body).root.members
            #expect(members.map(\.name) == ["id", "tenantId", "webhookId", "type", "a", "b", "d"])
            for member in members {
                let variable = try #require(variables.first { $0.name == member.name })
                #expect(try JSONDocument(parsing: variable.json).root.isEquivalent(to: member.value))
            }
        }
    }
}
