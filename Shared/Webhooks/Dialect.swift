/// How a request is dressed: body shape, signature headers, defaults. Here is its name; what it means is known in
/// `Dressing/Dialects` alone.
public enum Dialect: String, Hashable, Sendable, Codable, CaseIterable {
    case standard, crystallize, shopery
}
