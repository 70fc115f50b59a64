/// A day of the Gregorian calendar, reckoned in whole numbers.
///
/// The year is counted from March, so that the day that leap years add is its last one.
struct CalendarDate: Hashable {
    let year: Int64
    /// 1–12.
    let month: Int64
    /// 1–31.
    let day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    private static let daysIn400Years: Int64 = 146_097
    /// From 0000-03-01 to 1970-01-01.
    private static let daysBefore1970: Int64 = 719_468
    /// 0000-01-01, in days since 1970.
    static let firstDay = CalendarDate(year: 0, month: 1, day: 1).days

    /// - Parameter days: since 1970-01-01, from the year 0 on.
    init(days: Int64) {
        let shifted = days + Self.daysBefore1970 + Self.daysIn400Years  // later, so that January of year 0 is positive
        let era = shifted / Self.daysIn400Years
        let dayOfEra = shifted % Self.daysIn400Years
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + (era - 1) * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01, for years from 0 on.
    var days: Int64 {
        let shifted = year + 400 - (month <= 2 ? 1 : 0)
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era - 1) * Self.daysIn400Years + dayOfEra - Self.daysBefore1970
    }

    /// Seconds since 1970 of a date and time in UTC; nil where there is no such. A second of 60 is taken.
    static func seconds(
        year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64
    ) -> Int64? {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let date = CalendarDate(year: year, month: month, day: day)
        guard CalendarDate(days: date.days) == date else { return nil }
        return ((date.days * 24 + hour) * 60 + minute) * 60 + second
    }
}

/// Reads a text from front to back: numbers of known width, and marks between them.
struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: some StringProtocol) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ mark: String) -> Bool {
        guard rest.starts(with: mark.utf8) else { return false }
        rest.removeFirst(mark.utf8.count)
        return true
    }

    /// The number that the next `digits` digits make; nil where there are fewer. Up to 18.
    mutating func number(digits: Int) -> Int64? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        rest.removeFirst(digits)
        return text.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// The fraction of a second that the next digits make, rounded down; nil where there is none.
    mutating func microseconds() -> Int64? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest.removeFirst(digits.count)
        let value = digits.prefix(6).reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        return (digits.count..<max(6, digits.count)).reduce(value) { value, _ in value * 10 }
    }

    /// The next `length` bytes as text; nil where there are fewer.
    mutating func text(length: Int) -> String? {
        let text = rest.prefix(length)
        guard text.count == length else { return nil }
        rest.removeFirst(length)
        return String(Substring(text))
    }
}
