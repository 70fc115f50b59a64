public import HTTPTypes
public import Hummingbird
import Logging
import NIOCore

/// What every request has on its way through a service.
public struct HostRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// `X-Request-ID` of the answer: the client's own where it sent a sane one.
    public internal(set) var requestID = ""
    let channel: any Channel

    public init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The logger too: a body that is written later has no ``RequestNotes``.
    mutating func identify(_ id: String) {
        requestID = id
        logger[metadataKey: LogLine.requestID] = .string(id)
    }

}

/// Ids of requests.
enum RequestID {
    /// 32 random hexadecimal digits.
    static func make() -> String {
        var random = SystemRandomNumberGenerator()
        var rest = UInt128(random.next()) << 64 | UInt128(random.next())
        return String(unsafeUninitializedCapacity: 32) { text in  // every request pays for it
            for index in 0..<32 {
                let digit = UInt8(truncatingIfNeeded: rest & 15)
                text[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                rest >>= 4
            }
            return 32
        }
    }

    /// The client's id if it is fit for logs and headers: 1 to 128 letters, digits and `-_.:+/=@`.
    static func accepted(_ text: String?) -> String? {
        guard let text, (1...128).contains(text.utf8.count) else { return nil }
        let isSane = text.utf8.allSatisfy { letter in
            switch letter {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-_.:+/=@".utf8.contains(letter)
            }
        }
        return isSane ? text : nil
    }
}

extension HTTPField.Name {
    /// `Idempotency-Key`.
    public static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    /// `X-Request-ID`.
    public static let xRequestID = HTTPField.Name("X-Request-ID")!
}
