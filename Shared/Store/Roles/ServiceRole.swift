/// The database roles of the services, each with the least it needs.
public enum ServiceRole: String, Sendable, Hashable, CaseIterable {
    case api = "martlet_api"
    case ingester = "martlet_ingester"
    case delivery = "martlet_delivery"
    case metrics = "martlet_metrics"
}
