import Store

/// One of the four services, as a stack starts it.
enum StackService: String, CaseIterable {
    case api, ingester, delivery, metrics

    /// Its executable, beside that of the command-line tool.
    var executableName: String { "martlet-\(rawValue)" }
    /// What it logs in to PostgreSQL as.
    var role: ServiceRole {
        switch self {
        case .api: .api
        case .ingester: .ingester
        case .delivery: .delivery
        case .metrics: .metrics
        }
    }

    var defaultPort: Int {
        switch self {
        case .api: 8080
        case .ingester: 8081
        case .delivery: 8082
        case .metrics: 8083
        }
    }
}
