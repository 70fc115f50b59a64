/// A decoder of bytes from outside, and what must hold whatever they are; that it returns at all goes without saying.
struct FuzzTarget: Sendable, CustomStringConvertible {
    let name: String
    /// Good inputs, and cases that were found.
    let seeds: [String]
    /// Words of its language.
    var dictionary: [String] = []
    /// What is wrong with how an input was taken; nil when nothing is.
    let check: @Sendable ([UInt8]) -> String?

    var description: String { name }
}

extension FuzzTarget {
    static let all = documents + tokens + addresses + texts + requests + queries
}
