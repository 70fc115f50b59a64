/// The `Retry-After` header of an answer (RFC 9110 § 10.2.3).
public enum RetryAfter {
    /// What it may ask for; less and more is taken as the nearer end.
    public static let range: ClosedRange<Duration> = .seconds(1) ... .seconds(86400)

    /// How long to wait, within ``range``; nil where the value is neither a number of seconds nor an HTTP date.
    ///
    /// - Parameters:
    ///   - value: as it came, bytes of a stranger.
    ///   - now: what a date counts from.
    public static func parse(_ value: some Collection<UInt8>, now: Instant) -> Duration? {
        guard value.count <= 64 else { return nil }
        let text = String(decoding: value, as: UTF8.self)
        let trimmed = text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
        let word = String(trimmed)
        guard !word.isEmpty else { return nil }
        if word.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return clamped(.seconds(min(Int64(word) ?? .max, 86400)))
        }
        return Instant(httpDate: word, now: now).map { clamped($0 - now) }
    }

    static func clamped(_ wait: Duration) -> Duration { min(max(wait, range.lowerBound), range.upperBound) }
}

extension Instant {
    /// Reads an HTTP date in any of its three forms (RFC 9110 § 5.6.7). The day's name is not checked against the date.
    ///
    /// - Parameter now: a year of two digits is the one at most 50 years ahead of it.
    public init?(httpDate text: String, now: Instant) {
        let seconds = Self.readFixedDate(text) ?? Self.readTwoDigitYear(text, now) ?? Self.readUnixDate(text)
        guard let seconds else { return nil }
        self.init(microseconds: seconds * 1_000_000)
    }

    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let longDays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func readFixedDate(_ text: String) -> Int64? {
        var reader = DigitReader(text)
        guard let name = reader.text(length: 3), days.contains(name), reader.skip(", "),
            let day = reader.number(digits: 2), reader.skip(" "), let month = month(&reader), reader.skip(" "),
            let year = reader.number(digits: 4), reader.skip(" "), let time = time(&reader), reader.skip(" GMT"),
            reader.isAtEnd
        else { return nil }
        return CalendarDate.seconds(
            year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
    }

    /// `Sunday, 06-Nov-94 08:49:37 GMT`.
    private static func readTwoDigitYear(_ text: String, _ now: Instant) -> Int64? {
        var reader = DigitReader(text)
        guard longDays.contains(where: { reader.skip($0 + ", ") }), let day = reader.number(digits: 2),
            reader.skip("-"), let month = month(&reader), reader.skip("-"), let short = reader.number(digits: 2),
            reader.skip(" "), let time = time(&reader), reader.skip(" GMT"), reader.isAtEnd
        else { return nil }
        let thisYear = 1970 + now.seconds / 31_556_952
        let inThisCentury = thisYear - thisYear % 100 + short
        return CalendarDate.seconds(
            year: inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury, month: month, day: day,
            hour: time.hour, minute: time.minute, second: time.second)
    }

    /// `Sun Nov  6 08:49:37 1994`.
    private static func readUnixDate(_ text: String) -> Int64? {
        var reader = DigitReader(text)
        guard let name = reader.text(length: 3), days.contains(name), reader.skip(" "), let month = month(&reader),
            reader.skip(" "), let day = reader.skip(" ") ? reader.number(digits: 1) : reader.number(digits: 2),
            reader.skip(" "), let time = time(&reader), reader.skip(" "), let year = reader.number(digits: 4),
            reader.isAtEnd
        else { return nil }
        return CalendarDate.seconds(
            year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
    }

    private static func month(_ reader: inout DigitReader) -> Int64? {
        guard let name = reader.text(length: 3), let index = months.firstIndex(of: name) else { return nil }
        return Int64(index + 1)
    }

    private static func time(_ reader: inout DigitReader) -> (hour: Int64, minute: Int64, second: Int64)? {
        guard let hour = reader.number(digits: 2), reader.skip(":"), let minute = reader.number(digits: 2),
            reader.skip(":"), let second = reader.number(digits: 2)
        else { return nil }
        return (hour, minute, second)
    }
}
