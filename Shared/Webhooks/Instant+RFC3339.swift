extension Instant {
    /// RFC 3339 in UTC with milliseconds, rounded down: `2025-10-07T11:48:45.000Z`. What lies outside the years 0–9999
    /// is written as the nearest moment inside.
    public var rfc3339: String {
        let milliseconds = (microseconds / 1000) - (microseconds % 1000 < 0 ? 1 : 0)
        let moment = min(max(milliseconds, Self.firstMillisecond), Self.lastMillisecond) - Self.firstMillisecond
        let (days, rest) = moment.quotientAndRemainder(dividingBy: 86_400_000)
        let date = CalendarDate(days: days + CalendarDate.firstDay)
        return String(unsafeUninitializedCapacity: 24) { text in
            func write(_ value: Int64, at place: Int, digits: Int) {
                var value = value
                for index in stride(from: place + digits - 1, through: place, by: -1) {
                    text[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
                    value /= 10
                }
            }
            _ = text.update(fromContentsOf: "0000-00-00T00:00:00.000Z".utf8)
            write(date.year, at: 0, digits: 4)
            write(date.month, at: 5, digits: 2)
            write(date.day, at: 8, digits: 2)
            write(rest / 3_600_000, at: 11, digits: 2)
            write(rest / 60_000 % 60, at: 14, digits: 2)
            write(rest / 1000 % 60, at: 17, digits: 2)
            write(rest % 1000, at: 20, digits: 3)
            return 24
        }
    }

    private static let firstMillisecond = CalendarDate.firstDay * 86_400_000
    private static let lastMillisecond = (CalendarDate(year: 9999, month: 12, day: 31).days + 1) * 86_400_000 - 1

    /// Reads RFC 3339 with any zone and any number of fractional digits; those beyond microseconds are dropped.
    ///
    /// Nil for a text without a zone, and for one that is no moment (30 February, 24:00). A 61st second is the first
    /// one of the next minute.
    public init?(rfc3339 text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(digits: 4), reader.skip("-"), let month = reader.number(digits: 2),
            reader.skip("-"), let day = reader.number(digits: 2), reader.skip("T") || reader.skip("t"),
            let hour = reader.number(digits: 2), reader.skip(":"), let minute = reader.number(digits: 2),
            reader.skip(":"), let second = reader.number(digits: 2)
        else { return nil }
        var fraction: Int64 = 0
        if reader.skip(".") {
            guard let read = reader.microseconds() else { return nil }
            fraction = read
        }
        var offset: Int64 = 0
        if !reader.skip("Z"), !reader.skip("z") {
            let isWest = reader.skip("-")
            guard isWest || reader.skip("+"), let hours = reader.number(digits: 2), reader.skip(":"),
                let minutes = reader.number(digits: 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (isWest ? -60 : 60)
        }
        guard reader.isAtEnd,
            let seconds = CalendarDate.seconds(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        self.init(microseconds: (seconds - offset) * 1_000_000 + fraction)
    }
}
