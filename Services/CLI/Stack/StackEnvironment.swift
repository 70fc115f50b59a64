import Store

/// What each process of a stack is told by its environment.
struct StackEnvironment {
    /// The environment of who started the stack: `PATH`, a log level, a CA file and the like are passed on.
    let inherited: [String: String]
    let secrets: StackSecrets
    let database: StackDatabase

    /// Receivers on this machine may be called, and nothing else that is refused by default.
    static let egress = "127.0.0.0/8,::1/128"

    /// - Parameter name: of the process, e.g. `delivery-2`: what it calls itself.
    func variables(for service: StackService, name: String, port: Int) throws -> [String: String] {
        var variables = inherited
        variables["MARTLET_DATABASE_URL"] = try database.url(
            role: service.role.rawValue, password: secrets.rolePasswords[service.role] ?? "")
        variables["MARTLET_HTTP_HOST"] = "127.0.0.1"
        variables["MARTLET_HTTP_PORT"] = String(port)
        variables["MARTLET_JWT_SECRET"] = secrets.tokenSecret
        variables["MARTLET_ENCRYPTION_KEYS"] = secrets.encryptionKeys
        variables["MARTLET_EGRESS_ALLOW"] = Self.egress
        if service == .delivery { variables["MARTLET_WORKER_NAME"] = name }
        return variables
    }

    func receiverVariables() -> [String: String] {
        var variables = inherited
        variables["MARTLET_WEBHOOK_SECRET"] = secrets.demoWebhookSecret
        return variables
    }
}
