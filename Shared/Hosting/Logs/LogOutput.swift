import Glibc
public import Logging

/// How log lines look: the setting `MARTLET_LOG_FORMAT`.
public enum LogFormat: String, Sendable, CaseIterable {
    case json, text

    /// Where nothing is set: text for people at a terminal, JSON for everything else.
    static var usual: LogFormat { isatty(STDERR_FILENO) == 1 ? .text : .json }
}

/// Writes log events as lines on stderr, each with one `write`, so that lines of two threads never mix.
public struct LogOutput: LogHandler {
    let service: String
    let format: LogFormat
    /// Takes one line with its line end.
    let sink: @Sendable ([UInt8]) -> Void
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    /// - Parameters:
    ///   - service: the member `service` of each line.
    ///   - sink: stderr unless given.
    public init(
        service: String, format: LogFormat, level: Logger.Level,
        sink: @escaping @Sendable ([UInt8]) -> Void = LogOutput.standardError
    ) {
        self.service = service
        self.format = format
        self.sink = sink
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var merged = metadata
        if let request = RequestNotes.current { merged.merge(request.metadata) { $1 } }
        if let provided = metadataProvider?.get() { merged.merge(provided) { $1 } }
        if let given = event.metadata { merged.merge(given) { $1 } }
        if let error = event.error { merged["error"] = .string("\(error)") }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let line = LogLine(
            seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000, level: event.level,
            message: event.message.description, service: service, metadata: merged)
        sink(format == .json ? line.json : line.plain)
    }

    /// Writes to file descriptor 2; what it refuses is lost, for there is nobody left to tell.
    public static let standardError: @Sendable ([UInt8]) -> Void = { line in
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = write(STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}
