import Testing
import Webhooks

@testable import Store

@Suite struct StoredPayloadTests {
    static let order = Array(String(repeating: "{\"sku\":\"Bård\",\"price\":10.1125},", count: 30).utf8)

    @Test(
        "What is stored comes back",
        arguments: [[], [0], Array("{}".utf8), order, [UInt8](repeating: 0, count: 70_000)])
    func roundTrip(original: [UInt8]) throws {
        let stored = StoredPayload.encode(original)
        #expect(stored.count <= original.count + 1)
        #expect(try StoredPayload.decode(stored) == original)
    }

    @Test("LZ4 is taken only where it is smaller")
    func tag() {
        #expect(StoredPayload.encode(Self.order).first == 1)
        #expect(StoredPayload.encode(Self.order).count < Self.order.count / 4)
        #expect(StoredPayload.encode(Array("{\"id\":1}".utf8)).first == 0)
        let noise = (0..<300).map { _ in UInt8.random(in: .min ... .max) }
        #expect(StoredPayload.encode(noise).first == 0)
    }

    @Test(
        "Bytes that nobody stored are an error, not a trap",
        arguments: [
            ([], .unknownFormat), ([3, 1], .unknownFormat), ([255], .unknownFormat), ([1], .damaged),
            ([1, 0, 0], .damaged),
            ([1, 0, 0, 0, 0], .damaged), ([1, 255, 255, 255, 255, 0], .tooLarge), ([1, 1, 0, 0, 1, 0], .tooLarge),
            ([1, 0, 255, 255, 255, 0, 0, 0], .damaged), ([1, 0, 0, 0, 9, 15], .damaged),
            ([2, 0, 0, 0, 9, 15], .withoutDictionary),
        ] as [([UInt8], StoredPayloadError)])
    func strange(stored: [UInt8], expected: StoredPayloadError) {
        #expect(throws: expected) { try StoredPayload.decode(stored) }
    }

    @Test("Damage anywhere neither traps nor grows")
    func damage() {
        let stored = StoredPayload.encode(Self.order)
        for index in stored.indices {
            for byte in [0x00, 0x7F, 0xFF] as [UInt8] {
                var damaged = stored
                damaged[index] = byte
                let result = try? StoredPayload.decode(damaged)
                #expect((result?.count ?? 0) <= StoredPayload.maximumSize)
            }
        }
    }

    static let request = RecordedRequest(
        method: "POST", url: "https://example.com/å?x=%00",
        headers: [HeaderField("a", "b"), HeaderField(name: "c", value: [0, 255])],
        payload: order, isTruncated: true)
    static let response = RecordedResponse(headers: [], body: [0, 159, 146, 150], isTruncated: false)

    @Test("With a dictionary that it has much in common with, little is left")
    func dictionary() throws {
        let stored = StoredPayload.encode(Self.order, with: Self.order)
        #expect(stored.first == 2)
        #expect(stored.count < 20)
        #expect(try StoredPayload.decode(stored) { Self.order } == Self.order)
        #expect(throws: StoredPayloadError.withoutDictionary) { try StoredPayload.decode(stored) }
        #expect(throws: StoredPayloadError.damaged) { try StoredPayload.decode(stored) { [] } }
        let other = try? StoredPayload.decode(stored) { Array(Self.order.reversed()) }
        #expect(other != Self.order, "a wrong dictionary is not seen, and never traps")
    }

    @Test("A request is packed with the data of its event", arguments: [0, 100, 1000])
    func requestBesidesItsEvent(items: Int) throws {
        let data = Array("{\"items\":[\((0..<items).map { "{\"sku\":\"Å\($0)\"}" }.joined(separator: ","))]}".utf8)
        let payload = Array("{\"id\":\"evt_1\",\"data\":".utf8) + data + [0x7D]
        let request = RecordedRequest(
            method: "POST", url: "https://example.com/", headers: [HeaderField("webhook-id", "evt_1")],
            payload: payload, isTruncated: false)
        let stored = request.stored(besides: data)
        #expect(stored.count < 150)
        #expect(try RecordedRequest(stored: stored) { data } == request)
    }

    @Test("Long data is no dictionary")
    func longData() throws {
        let data = [UInt8](repeating: 0x20, count: RequestDictionary.dataLimit + 1)
        #expect(try RecordedRequest(stored: Self.request.stored(besides: data)) == Self.request)
    }

    @Test("The common text stays as it is: what is stored was packed with it")
    func commonText() {
        let sum = RequestDictionary.commonText.reduce(UInt64(14_695_981_039_346_656_037)) { sum, byte in
            (sum ^ UInt64(byte)) &* 1_099_511_628_211
        }
        #expect(sum == 1_323_633_852_491_323_043)
    }

    @Test("A request and a response come back from their framing")
    func messages() throws {
        #expect(try RecordedRequest(stored: Self.request.stored(besides: nil)) == Self.request)
        #expect(try RecordedResponse(stored: Self.response.stored) == Self.response)
        #expect(Self.request.stored(besides: nil).count < Self.order.count)
    }

    @Test("A framing that is cut or changed anywhere does not trap")
    func damagedFraming() throws {
        let frame = try StoredPayload.decode(Self.request.stored(besides: nil))
        for index in frame.indices {
            #expect(throws: StoredPayloadError.self) { try RecordedRequest(stored: [0] + frame[..<index]) }
            for byte in [0x00, 0x7F, 0x80, 0xFF] as [UInt8] {
                var damaged = frame
                damaged[index] = byte
                _ = try? RecordedRequest(stored: [0] + damaged)
                _ = try? RecordedResponse(stored: [0] + damaged)
            }
        }
        #expect(throws: StoredPayloadError.damaged) { try RecordedRequest(stored: [0] + frame + [0]) }
        let endless = [0, 1] + [UInt8](repeating: 0xFF, count: 20)
        #expect(throws: StoredPayloadError.self) { try RecordedRequest(stored: endless) }
    }

    @Test("Text for the tables is without NUL and cut between characters")
    func storable() {
        #expect("plain".storable(limit: 500) == "plain")
        #expect("a\0b".storable(limit: 500) == "a\u{FFFD}b")
        #expect("ååå".storable(limit: 5) == "åå")
        #expect(String(repeating: "x", count: 501).storable(limit: 500).utf8.count == 500)
        #expect(String(repeating: "\0", count: 500).storable(limit: 500).utf8.count <= 500)
    }

    @Test(
        "A bucket holds what is not above its bound",
        arguments: [(0, 0), (1, 0), (2, 1), (3, 2), (60_000, 14), (60_001, 15)])
    func bucket(milliseconds: Int32, index: Int) { #expect(LatencyBuckets.index(milliseconds: milliseconds) == index) }

    @Test(
        "Durations are whole milliseconds",
        arguments: [
            (Duration.microseconds(499), 0), (.microseconds(500), 1), (.milliseconds(1500), 1500), (.seconds(-1), 0),
            (.seconds(Int64.max), Int(Int32.max)),
        ])
    func milliseconds(duration: Duration, expected: Int) {
        let world = DeliveryRow(
            shard: .draw(), webhookID: .init(), id: .init(), tenantID: .init(), eventID: .init(), orderKey: nil,
            key: nil)
        #expect(Invocation.sample(of: world, duration: duration).durationMilliseconds == Int32(clamping: expected))
    }
}
