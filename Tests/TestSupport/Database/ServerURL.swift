import Foundation

/// `postgres://user:password@host:port/database?…`, to be pointed elsewhere.
struct ServerURL: Sendable {
    private let components: URLComponents

    init(_ text: String) { components = URLComponents(string: text) ?? URLComponents() }

    func url(database: String, user: String? = nil, password: String? = nil) -> String {
        var components = components
        components.path = "/" + database
        if let user {
            components.user = user
            components.password = password
        }
        return components.string ?? ""
    }
}
