import Glibc
import JSON
import Logging

/// One log event as one line of text.
struct LogLine {
    let seconds: Int
    let milliseconds: Int
    let level: Logger.Level
    let message: String
    let service: String
    let metadata: Logger.Metadata

    /// The key that Hummingbird keeps a request's id under; shown as `requestId`.
    static let requestID = "hb.request.id"
    private static let reserved: Set = ["time", "level", "message", "service", "requestId"]

    /// `{"time":…,"level":…,"message":…,"service":…,"requestId":…,` and the metadata by name`}`.
    var json: [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.member("time", time)
            writer.member("level", level.rawValue)
            writer.member("message", message)
            writer.member("service", service)
            if let id = metadata[Self.requestID] { writer.member("requestId", id.description) }
            for (key, value) in sorted {
                writer.name(Self.reserved.contains(key) ? "metadata." + key : key)
                Self.write(value, &writer)
            }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// `time level service message key=value …`, for people.
    var plain: [UInt8] {
        var line = "\(time) \(level.rawValue.padded(to: 8)) \(service) \(message)"
        if let id = metadata[Self.requestID] { line += " requestId=\(id)" }
        for (key, value) in sorted { line += " \(key)=\(value)" }
        // One event is one line, whatever a stranger's text holds.
        return line.utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: " ") : $0 } + [UInt8(ascii: "\n")]
    }

    private var sorted: [(key: String, value: Logger.MetadataValue)] {
        metadata.filter { $0.key != Self.requestID }.sorted { $0.key < $1.key }
    }

    /// RFC 3339, UTC, milliseconds.
    var time: String {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let fields = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec]
        let two = fields.map { $0 < 10 ? "0\($0)" : "\($0)" }
        let fraction = String(1000 + milliseconds).dropFirst()
        return "\(parts.tm_year + 1900)-\(two[0])-\(two[1])T\(two[2]):\(two[3]):\(two[4]).\(fraction)Z"
    }

    private static func write(_ value: Logger.MetadataValue, _ writer: inout JSONWriter) {
        switch value {
        case .string(let string): writer.string(string)
        case .stringConvertible(let number as any BinaryInteger): writer.raw(Array(number.description.utf8))
        case .stringConvertible(let number as Double): writer.double(number)
        case .stringConvertible(let bool as Bool): writer.bool(bool)
        case .stringConvertible(let value): writer.string(value.description)
        case .array(let values): writer.array { writer in for value in values { write(value, &writer) } }
        case .dictionary(let values):
            writer.object { writer in
                for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                    writer.name(key)
                    write(value, &writer)
                }
            }
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - utf8.count))
    }
}
