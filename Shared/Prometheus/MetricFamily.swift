/// All series of one name, as a scrape shows them: what a collector returns.
public struct MetricFamily: Sendable, Equatable {
    /// The `TYPE` of the exposition format.
    public enum Kind: String, Sendable { case counter, gauge, histogram }

    /// The value of one series.
    public enum Value: Sendable, Equatable {
        case number(Double)
        case histogram(HistogramSnapshot)
    }

    /// One series: its labels, and its value now.
    public struct Series: Sendable, Equatable {
        public var labels: Labels
        public var value: Value

        public init(_ labels: Labels = [], _ value: Value) {
            self.labels = labels
            self.value = value
        }
    }

    public var name: String
    public var kind: Kind
    public var help: String
    public var series: [Series]

    /// - Parameter name: with `_total` if it is a counter, and with its base unit; characters that a name may not have
    ///   become underscores.
    public init(_ name: String, _ kind: Kind, help: String, series: [Series]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.series = series
    }

    /// A gauge or counter of one series without labels.
    public init(_ name: String, _ kind: Kind, help: String, _ value: Double) {
        self.init(name, kind, help: help, series: [Series([], .number(value))])
    }
}

/// Label names and values of one series, in the order shown.
public struct Labels: Hashable, Sendable, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    public struct Label: Hashable, Sendable {
        public let name: String
        public let value: String
    }

    public let list: [Label]

    public init(_ pairs: [(String, String)]) { list = pairs.map { Label(name: $0.0, value: $0.1) } }
    public init(dictionaryLiteral pairs: (String, String)...) { self.init(pairs) }
    /// Only `[]` makes sense: no labels.
    public init(arrayLiteral labels: Label...) { list = labels }
}

/// What a histogram has counted at one moment.
public struct HistogramSnapshot: Sendable, Equatable {
    /// Upper bounds of the buckets, growing, without +Inf.
    public var bounds: [Double]
    /// Observations in each bucket alone (not summed up), one more than `bounds`: the last is what lies above them all.
    public var counts: [UInt64]
    public var sum: Double

    public init(bounds: [Double], counts: [UInt64], sum: Double) {
        self.bounds = bounds
        self.counts = counts
        self.sum = sum
    }

    /// All observations; saturates.
    public var count: UInt64 {
        counts.reduce(0) { sum, next in
            let (total, overflow) = sum.addingReportingOverflow(next)
            return overflow ? .max : total
        }
    }
}
