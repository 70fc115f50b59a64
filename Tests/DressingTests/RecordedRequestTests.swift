import Dressing
import Testing
import Webhooks

/// What history keeps of a request.
@Suite struct RecordedRequestTests {
    private func recorded(dataOf length: Int, filler: String = "x", method: WebhookConfiguration.Method = .POST) throws
        -> (sent: DressedRequest, kept: RecordedRequest)
    {
        let webhook = try Sample.prepare { $0.method = method }
        let text = String(repeating: filler, count: length)
        let request = Sample.dress(Sample.event(data: #"{"t":"\#(text)"}"#), for: webhook)
        return (request, request.recorded(for: webhook))
    }

    @Test func aShortRequestIsKeptWhole() throws {
        let (sent, kept) = try recorded(dataOf: 10)
        #expect(kept.payload == sent.body && !kept.isTruncated)
        #expect(kept.method == "POST" && kept.url == "https://example.com/wh")
        #expect(kept.headers == sent.headers.map { HeaderField($0.name, $0.value) })
    }

    @Test func theLimitIsExact() throws {
        let overhead = try #require(recorded(dataOf: 0).sent.body).count
        let exact = try recorded(dataOf: RecordedRequest.payloadLimit - overhead)
        #expect(exact.kept.payload.count == RecordedRequest.payloadLimit && !exact.kept.isTruncated)
        let over = try recorded(dataOf: RecordedRequest.payloadLimit - overhead + 1)
        #expect(over.kept.payload.count == RecordedRequest.payloadLimit && over.kept.isTruncated)
    }

    @Test("No character is cut in two", arguments: ["å", "€", "😀", "x"], 0..<4)
    func characters(filler: String, shift: Int) throws {
        let webhook = try Sample.prepare()
        let text = String(repeating: "x", count: shift) + String(repeating: filler, count: 20_000)
        let request = Sample.dress(Sample.event(data: #"{"t":"\#(text)"}"#), for: webhook)
        let kept = request.recorded(for: webhook)
        #expect(String(validating: kept.payload, as: UTF8.self) != nil)
        #expect(kept.isTruncated)
        #expect((RecordedRequest.payloadLimit - 3...RecordedRequest.payloadLimit).contains(kept.payload.count))
        #expect(request.body?.starts(with: kept.payload) == true)
    }

    @Test func aLongQueryIsCutToo() throws {
        let (sent, kept) = try recorded(dataOf: 20_000, method: .GET)
        #expect(kept.url.utf8.count == RecordedRequest.payloadLimit && kept.isTruncated)
        #expect(sent.url.hasPrefix(kept.url) && kept.payload == [])
    }
}
