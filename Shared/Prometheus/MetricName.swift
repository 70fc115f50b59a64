/// Names as Prometheus wants them.
enum MetricName {
    /// `name` with everything that a metric name may not hold turned into underscores.
    static func valid(_ name: String) -> String { valid(name, colons: true) }

    /// The same for a label name, which may hold no colon.
    static func validLabel(_ name: String) -> String { valid(name, colons: false) }

    /// With `_total` at the end, once.
    static func counter(_ name: String) -> String { suffixed(valid(name), "_total") }

    /// With `_seconds` at the end, once.
    static func seconds(_ name: String) -> String { suffixed(valid(name), "_seconds") }

    private static func suffixed(_ name: String, _ suffix: String) -> String {
        name.hasSuffix(suffix) ? name : name + suffix
    }

    private static func valid(_ name: String, colons: Bool) -> String {
        var letters = name.utf8.map { letter -> UInt8 in
            switch letter {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                letter
            case UInt8(ascii: ":") where colons: letter
            default: UInt8(ascii: "_")
            }
        }
        if letters.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) ?? true {
            letters.insert(UInt8(ascii: "_"), at: 0)
        }
        return String(decoding: letters, as: UTF8.self)
    }
}
