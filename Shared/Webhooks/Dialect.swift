/// How a request is dressed: body shape, signature headers, defaults.
public enum Dialect: String, Hashable, Sendable, Codable, CaseIterable {
    case standard, crystallize, shopery
}
