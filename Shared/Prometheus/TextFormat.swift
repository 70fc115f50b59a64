/// Prometheus' text exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
public enum TextFormat {
    /// The `Content-Type` of an answer in this format.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The families in the order given; one without series is left out.
    public static func text(of families: [MetricFamily]) -> [UInt8] {
        var page = Page()
        for family in families where !family.series.isEmpty { page.append(family) }
        return page.bytes
    }

    /// A number as Go prints it, which Prometheus is written in: shortest digits, no `.0`, `+Inf`, `-Inf`, `NaN`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private struct Page {
        var bytes: [UInt8] = []

        mutating func append(_ family: MetricFamily) {
            let name = MetricName.valid(family.name)
            write("# HELP \(name) ")
            escape(family.help, quotes: false)
            write("\n# TYPE \(name) \(family.kind.rawValue)\n")
            for series in family.series {
                switch series.value {
                case .number(let value): sample(name, series.labels, nil, TextFormat.number(value))
                case .histogram(let snapshot): append(snapshot, name, series.labels)
                }
            }
        }

        private mutating func append(_ snapshot: HistogramSnapshot, _ name: String, _ labels: Labels) {
            var below: UInt64 = 0
            // `zip` leaves out counts without a bound: +Inf is always the count of all.
            for (bound, count) in zip(snapshot.bounds, snapshot.counts) {
                below &+= count
                sample(name + "_bucket", labels, TextFormat.number(bound), "\(below)")
            }
            sample(name + "_bucket", labels, "+Inf", "\(snapshot.count)")
            sample(name + "_sum", labels, nil, TextFormat.number(snapshot.sum))
            sample(name + "_count", labels, nil, "\(snapshot.count)")
        }

        private mutating func sample(_ name: String, _ labels: Labels, _ bound: String?, _ value: String) {
            write(name)
            var separator = "{"
            for label in labels.list {
                write("\(separator)\(MetricName.validLabel(label.name))=\"")
                escape(label.value, quotes: true)
                write("\"")
                separator = ","
            }
            if let bound {
                write("\(separator)le=\"\(bound)\"")
                separator = ","
            }
            if separator == "," { write("}") }
            write(" \(value)\n")
        }

        private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

        private mutating func escape(_ text: String, quotes: Bool) {
            for letter in text.utf8 {
                switch letter {
                case UInt8(ascii: "\\"): write("\\\\")
                case UInt8(ascii: "\n"): write("\\n")
                case UInt8(ascii: "\"") where quotes: write("\\\"")
                default: bytes.append(letter)
                }
            }
        }
    }
}
