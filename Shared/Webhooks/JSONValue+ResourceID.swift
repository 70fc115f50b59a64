public import JSON

extension JSONValue {
    /// What an `id` says of the resource that it belongs to: a string that is not empty, or a number as text.
    public var resourceID: String? {
        switch kind {
        case .string: string.flatMap { $0.isEmpty ? nil : $0 }
        case .number: integer.map { String($0) } ?? String(decoding: rawBytes, as: UTF8.self)
        case .object, .array, .bool, .null: nil
        }
    }
}
