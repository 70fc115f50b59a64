import Dressing
import Testing
import Webhooks

@Suite struct ShoperyDressTests {
    private static let secret = "shopery plain secret!"

    private func prepare(
        signing: [WebhookSecrets.Signing] = [.init(secret)], _ change: (inout WebhookConfiguration) -> Void = { _ in }
    ) throws -> PreparedWebhook {
        try Sample.prepare(secrets: WebhookSecrets(signing: signing)) {
            $0.dialect = .shopery
            change(&$0)
        }
    }

    @Test func theResourceItselfWithTheSecret() throws {
        let webhook = try prepare()
        let request = Sample.dress(for: webhook)
        #expect(request.text == Sample.data)
        #expect(request.header("X-Shopery-Secret") == Self.secret)
        #expect(
            request.headers.map(\.name) == [
                "x-martlet-event", "x-martlet-delivery", "x-martlet-attempt", "x-martlet-triggered-at", "user-agent",
                "content-type", "x-martlet-webhook", "X-Shopery-Secret",
            ])
    }

    @Test("The producer's text stays as it came", arguments: [#"{"n":1E+2,"s":"\u00e5\/","n":10.1125}"#, "{}"])
    func text(data: String) throws {
        #expect(Sample.dress(Sample.event(data: data), for: try prepare()).text == data)
    }

    @Test func historyMasksTheSecretAndNothingElse() throws {
        let webhook = try prepare { $0.headers = ["x-mine": "readable"] }
        let recorded = Sample.dress(for: webhook).recorded(for: webhook)
        #expect(recorded.headers.contains(HeaderField("x-shopery-secret", "••••ret!")))
        #expect(recorded.headers.contains(HeaderField("x-mine", "readable")))
        #expect(recorded.headers.filter { $0.value.starts(with: "••••".utf8) }.count == 1)
        for dialect in [Dialect.standard, .crystallize] {
            let other = try Sample.prepare { $0.dialect = dialect }
            let request = Sample.dress(for: other)
            #expect(request.recorded(for: other).headers == request.headers.map { HeaderField($0.name, $0.value) })
        }
    }

    @Test func theNewSecretIsSentAtOnce() throws {
        let until = Sample.now + .seconds(10)
        let webhook = try prepare(signing: [.init("a new secret of it"), .init(Self.secret, validUntil: until)])
        #expect(Sample.dress(for: webhook).header("X-Shopery-Secret") == "a new secret of it")
        let reversed = try prepare(signing: [.init(Self.secret, validUntil: until), .init("a new secret of it")])
        #expect(Sample.dress(for: reversed).header("X-Shopery-Secret") == "a new secret of it")
    }

    @Test func aSecretThatCannotBeAFieldIsNotSent() {
        #expect(throws: PreparedWebhook.Failure.malformedKey) { try prepare(signing: [.init("a\r\nhost: b")]) }
        #expect(throws: PreparedWebhook.Failure.noSigningKey) { try prepare(signing: [.init("")]) }
    }

    @Test func aGETAppendsTheResourcesMembers() throws {
        let webhook = try prepare {
            $0.method = .GET
            $0.url = "https://example.com/?name=taken"
        }
        let event = Sample.event(data: #"{"id":"a","name":"b","cart":[{"sku":"1"}],"id":"c","total":1.50}"#)
        let request = Sample.dress(event, for: webhook)
        #expect(
            request.url
                == "https://example.com/?name=taken&id=c&cart=%5B%7B%22sku%22%3A%221%22%7D%5D&total=1.50")
        #expect(request.header("X-Shopery-Secret") == Self.secret)
    }
}
